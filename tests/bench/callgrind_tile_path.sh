#!/usr/bin/env bash
# Instructions a tile on the pure tile path (tile_path_probe.cc: look-up, read, splice; no gRPC, no threads), counted
# by callgrind and compared with baseline/tile_path_instructions.txt. Fails when they grew by more than 10 %.
#
#   callgrind_tile_path.sh PROBE [--write]     --write makes the count the new baseline: say why in the commit
#
# Instructions are those inside serve_tiles except the C library's: glibc picks its memcpy and memcmp by the CPU, and
# their counts differ from machine to machine by more than a change of ours. What we ask of it is the second
# figure, calls a tile into the C library (locks, memcpy, pread, malloc ...), which is the same on every CPU.
set -euo pipefail
probe=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
baseline=$here/baseline/tile_path_instructions.txt
tiles=1000
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
  echo "tile path: $*"
  echo "[doctest] test cases: 1 | 0 passed | 1 failed | 0 skipped"
  exit 1
}

command -v valgrind >/dev/null || fail "valgrind is not installed"
"$probe" prepare "$dir" || fail "the probe cannot make its slide"
valgrind --tool=callgrind --toggle-collect='serve_tiles*' --compress-strings=no --compress-pos=no \
  --callgrind-out-file="$dir/out" "$probe" serve "$dir" "$tiles" >"$dir/log" 2>&1 || {
  cat "$dir/log"
  fail "the probe does not run under valgrind"
}

# The file's format (valgrind's manual, "Callgrind Format Specification"): ob= is the object that the cost lines below
# belong to, cob= that of the next call; the line after calls= is the call's cost with all below it, counted elsewhere.
read -r instructions calls < <(awk -v tiles="$tiles" '
  function libc(object) { return object ~ /\/libc[.]so|\/ld-linux/ }
  /^ob=/ { object = callee = substr($0, 4); next }
  /^cob=/ { callee = substr($0, 5); next }
  /^calls=/ {
    split(substr($0, 7), count, " ")
    if (libc(callee) && !libc(object)) calls += count[1]
    callee = object
    inclusive = 1
    next
  }
  /^[0-9]/ { if (!inclusive && !libc(object)) instructions += $2; inclusive = 0 }
  END { printf "%.0f %.0f\n", instructions / tiles, calls / tiles }' "$dir/out")
[ "$instructions" -gt 0 ] || fail "callgrind counted nothing: is serve_tiles still there?"

if [ "${2:-}" = --write ]; then
  mkdir -p "$(dirname "$baseline")"
  printf 'instructions %s\ncalls %s\n' "$instructions" "$calls" >"$baseline"
fi
was_instructions=$(awk '$1 == "instructions" { print $2 }' "$baseline")
was_calls=$(awk '$1 == "calls" { print $2 }' "$baseline")
echo "tile path: $instructions instructions a tile (baseline $was_instructions)," \
  "$calls calls into the C library (baseline $was_calls)"
[ $((instructions * 10)) -le $((was_instructions * 11)) ] || fail "more than 10 % more instructions than the baseline"
[ $((calls * 10)) -le $((was_calls * 11)) ] || fail "more than 10 % more calls into the C library than the baseline"
echo "[doctest] test cases: 1 | 1 passed | 0 failed | 0 skipped"
