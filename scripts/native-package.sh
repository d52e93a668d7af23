#!/usr/bin/env bash
# Packs the command of build/release with its libraries as the npm package @vitrine/PLATFORM, which the package `vitrine`
# runs. usage: scripts/native-package.sh linux-x64 OUT.tgz
set -euo pipefail
cd "$(dirname "$0")/.."
platform=$1 out=$2
folder=build/npm/$platform
rm -rf "$folder"
mkdir -p "$folder/licences"
cmake --install build/release --component command --strip --prefix "$folder" > "$folder.log"
# npm packs no links: each library stands under the name by which it is searched for.
for library in "$folder"/lib/*; do
  [ ! -L "$library" ] || mv "$(realpath "$library")" "$library"
done
cp LICENSE model_export/package/README.md "$folder"
cp model_export/package/duckdb.txt "$folder/licences"
# Debian's licence of each library that is packed.
for library in "$folder"/lib/*; do
  package=$(dpkg -S "*/$(uname -m)-linux-gnu/$(basename "$library")" 2> /dev/null | head -n 1 | cut -d: -f1) || continue
  [ -z "$package" ] || cp "/usr/share/doc/$package/copyright" "$folder/licences/$package.txt"
done
cat > "$folder/package.json" <<JSON
{
  "name": "@vitrine/$platform",
  "version": "$(cat VERSION)",
  "description": "The trainer of the package vitrine for $platform",
  "license": "Apache-2.0",
  "os": ["${platform%-*}"],
  "cpu": ["${platform#*-}"],
  "libc": ["glibc"],
  "preferUnplugged": true,
  "files": ["bin", "lib", "licences"]
}
JSON
packed=$(cd "$folder" && npm pack --silent --pack-destination ..)
mv "build/npm/$packed" "$out"
