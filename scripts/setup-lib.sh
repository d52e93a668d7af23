# Shared by the set-up scripts; sourced, from the root of the project.
# shellcheck shell=bash
deps=$PWD/.deps
emscripten_minimum=3.1.60
node_minimum=20

say() { printf '%s: %s\n' "$1" "$2"; }

fail() {
  printf 'setup: %s\n' "$1" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root; run this as root, or install sudo and run it again"
  fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# version_at_least HAVE WANTED
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

emcc_version() { emcc --version 2>/dev/null | sed -nE '1s/.* ([0-9]+\.[0-9]+\.[0-9]+).*/\1/p'; }

# The one this set-up made does not count: it is not the machine's, and its stamp says whether it is up to date.
emcc_on_path_is_new_enough() {
  local found
  found=$(command -v emcc) && [[ $found != "$deps"/* ]] && version_at_least "$(emcc_version)" "$emscripten_minimum"
}

node_is_new_enough() {
  command -v npm >/dev/null && [[ $(command -v node) != "$deps"/* ]] &&
    version_at_least "$(node --version | tr -d v)" "$node_minimum"
}

# step NAME SCRIPT FOLDER [WITH]: runs SCRIPT FOLDER unless it made FOLDER before, in its present form, in this place and
# with the same WITH.
step() {
  local name=$1 script=$2 folder=$3 with=${4:-} stamp=$deps/stamps/$1 key start
  key=$({ cat "$script"; echo "$folder $with"; } | sha256sum | cut -d' ' -f1)
  if [ -d "$folder" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]; then return 0; fi
  start=$SECONDS
  rm -rf "$folder" "$stamp"
  mkdir -p "$folder" "$deps/stamps"
  "$script" "$folder"
  echo "$key" > "$stamp"
  say "$name" "ready in ${folder#"$PWD"/} ($((SECONDS - start)) s)"
}

# debian13 ARGUMENTS...: apt-get that sees Debian 13 alone, through the mirror this machine already uses, with lists and
# cache of its own in the caller's $work. The machine's own package lists and sources stay as they are.
debian13() {
  local mirror
  if [ ! -e "${work:?}/sources.list" ]; then
    # shellcheck disable=SC2016  # apt's own placeholder
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' | sort -u | head -n1)
    [ -n "$mirror" ] || fail "no package mirror for Debian 12 known to apt; run: apt-get update"
    mkdir -p "$work"/lists/partial "$work"/cache/archives/partial
    printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' \
      deb "$mirror" deb-src "$mirror" > "$work/sources.list"
    debian13 update >/dev/null
  fi
  apt-get -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o APT::Sandbox::User="$(id -un)" "$@"
}
