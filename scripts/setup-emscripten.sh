#!/usr/bin/env bash
# Puts Emscripten 3.1.69 (Debian 13's package, prebuilt system libraries) into FOLDER on a Debian 12 machine, beside the
# distribution's own clang-19 and lld-19. No system library changes: binaryen runs with a C library of its own.
# Needs clang-19, lld-19, llvm-19, patchelf, python3 and node, which setup.sh installs.
# usage: scripts/setup-emscripten.sh FOLDER
set -euo pipefail
. scripts/setup-lib.sh
prefix=$1
llvm=19
case $(uname -m) in
  x86_64) triplet=x86_64-linux-gnu loader=ld-linux-x86-64.so.2 ;;
  aarch64) triplet=aarch64-linux-gnu loader=ld-linux-aarch64.so.1 ;;
  *) fail "no tried Emscripten for $(uname -m); put an emcc >= $emscripten_minimum on PATH and run this again" ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "emscripten" "no emcc >= $emscripten_minimum on PATH; setting up 3.1.69 beside the project (about 40 s)"
debian13 update >/dev/null
mkdir "$work/x"
(cd "$work" && debian13 download emscripten binaryen libc6 libstdc++6 libgcc-s1 >/dev/null)
for deb in "$work"/*.deb; do
  name=$(basename "$deb")
  dpkg-deb -x "$deb" "$work/x/${name%%_*}"
done

emscripten=$prefix/emscripten
binaryen=$prefix/binaryen
cp -a "$work/x/emscripten/usr/share/emscripten" "$prefix/"
rm -rf "${emscripten:?}"/{tests,docs,media,node_modules} "$emscripten"/package*.json
# acorn: the linker's JavaScript passes; typescript: --emit-tsd
(cd "$emscripten" && npm install --silent --no-save --no-package-lock --no-audit --no-fund \
  acorn@8.15.0 acorn-import-phases@1.0.4 typescript@5.9.3 >/dev/null)

# Debian's package looks for npm tools such as tsc on PATH; look beside the compiler, as upstream does.
python3 - "$emscripten/tools/shared.py" <<'PY'
import sys

path = sys.argv[1]
text = open(path).read()
debian = "    cmd = name\n  if not os.path.exists(cmd[-1])"
upstream = "    cmd = [*config.NODE_JS, path_from_root('node_modules/.bin', name)]\n  if not os.path.exists(cmd[-1])"
if debian not in text:
    sys.exit("setup: Emscripten's tools/shared.py is not the one of 3.1.69; scripts/setup-emscripten.sh needs a look")
open(path, "w").write(text.replace(debian, upstream))
PY

mkdir -p "$binaryen/bin" "$binaryen/rt"
cp -a "$work"/x/binaryen/usr/bin/. "$binaryen/bin/"
find "$work/x/binaryen" -name 'libbinaryen*.so*' -exec cp -a {} "$binaryen/rt/" \;
for library in libc6 libstdc++6 libgcc-s1; do cp -a "$work/x/$library/usr/lib/$triplet"/*.so* "$binaryen/rt/"; done
for file in "$binaryen"/bin/*; do
  [ "$(head -c4 "$file" | tail -c3)" = ELF ] || continue
  patchelf --set-interpreter "$binaryen/rt/$loader" --set-rpath "$binaryen/rt" "$file"
done

# Emscripten asks for clang-19 in some places and clang in others.
mkdir -p "$prefix/llvm/bin"
for tool in "/usr/lib/llvm-$llvm/bin"/*; do
  name=$(basename "$tool")
  ln -sfn "$tool" "$prefix/llvm/bin/$name"
  ln -sfn "$tool" "$prefix/llvm/bin/$name-$llvm"
done
cat > "$emscripten/.emscripten" <<CONFIG
EMSCRIPTEN_ROOT = '$emscripten'
LLVM_ROOT = '$prefix/llvm/bin'
BINARYEN_ROOT = '$binaryen'
NODE_JS = '$(command -v node)'
CACHE = '$emscripten/cache'
FROZEN_CACHE = $([ -e "$emscripten/cache/sysroot/lib/wasm32-emscripten/libc.a" ] && echo True || echo False)
LLVM_ADD_VERSION = '$llvm'
CLANG_ADD_VERSION = '$llvm'
CONFIG
"$emscripten/emcc" --version >/dev/null
