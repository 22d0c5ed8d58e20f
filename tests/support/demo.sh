#!/usr/bin/env bash
# `./run demo`: a server with a data folder, sites and people, images, and the workstation (or the scripted tour).
# Called by ./run after the build; see ./run --help for the options.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$root/build
manifest='' headless='' out=$root/out/demo keep=''

while [ $# -gt 0 ]; do
  case "$1" in
    --data) manifest=${2:?--data needs a manifest (CSV or JSON Lines, see docs/format.md)}; shift 2 ;;
    --headless) headless=1; shift ;;
    --out) out=${2:?--out needs a folder}; shift 2 ;;
    --keep) keep=${2:?--keep needs a folder}; shift 2 ;;
    *) echo "./run demo: unknown option '$1' (see ./run --help)" >&2; exit 2 ;;
  esac
done
if [ -z "$headless" ] && [ -z "${DISPLAY:-}" ]; then
  echo "There is no display: running the scripted tour instead (--headless)."
  headless=1
fi
if [ -n "$manifest" ] && [ ! -f "$manifest" ]; then
  echo "./run demo: no manifest at $manifest" >&2
  exit 2
fi

mkdir -p "$out"
out=$(cd "$out" && pwd)
if [ -n "$keep" ]; then
  mkdir -p "$keep"
  state=$(cd "$keep" && pwd)
else
  # Only what an earlier demo made is removed.
  state=$root/out/demo-data
  [ -f "$state/.hada-demo" ] && rm -rf "$state"
  mkdir -p "$state"
fi
touch "$state/.hada-demo"
chmod 700 "$state"

server_pid=''
finish() {
  [ -n "$server_pid" ] && kill "$server_pid" 2>/dev/null && wait "$server_pid" 2>/dev/null
  true
}
trap finish EXIT
trap 'exit 130' INT TERM

say() { printf '\n== %s\n' "$*"; }

# --- server ---
if [ ! -f "$state/password" ]; then
  (umask 077 && head -c 12 /dev/urandom | base64 | tr '+/' 'xy' >"$state/password")
fi
"$build/bin/hada-server" init --data "$state/server" --admin admin <"$state/password"
rm -f "$state/port"
"$build/bin/hada-server" serve --data "$state/server" --listen 127.0.0.1:0 --port-file "$state/port" \
  2>>"$state/server.log" &
server_pid=$!
for _ in $(seq 200); do
  [ -s "$state/port" ] && break
  kill -0 "$server_pid" 2>/dev/null || { cat "$state/server.log" >&2; exit 1; }
  sleep 0.05
done
address=127.0.0.1:$(cat "$state/port")
say "The server listens on $address; its data is in $state/server"

# --- sites and people ---
ctl() { "$build/bin/hadactl" "$@" --server "$address" --password-file "$state/password"; }
admin() { ctl "$@" --user admin >/dev/null; }
if [ ! -f "$state/people" ]; then
  admin site add a --display-name "Site A (images)"
  admin site add b --display-name "Site B (readers)"
  admin site add c --display-name "Site C (readers)"
  admin site add d --display-name "Site D (QA)"
  user() { admin user add "$1" --display-name "$2" --home-site "$3" --role "$4" --new-password-file "$state/password"; }
  user coordinator-a "Coordinator A" a site_coordinator@a
  user derm-b "Dr. Aoki (B)" b dermatologist
  user derm-c "Dr. Baba (C)" c dermatologist
  user qa-d "Dr. Doi (D)" d qa_reviewer
  touch "$state/people"
fi

# --- images ---
if [ -z "$manifest" ]; then
  manifest=$state/images/manifest.csv
  if [ ! -f "$manifest" ]; then
    say "Drawing synthetic images"
    "$build/tests/hada-demo-images" "$state/images"
  fi
fi
say "Ingesting $manifest"
ingest_status=0
ctl ingest "$manifest" --user coordinator-a --site a --key "$state/site-a.key" || ingest_status=$?
# 1 means that some rows were refused and said why; the others are in.
[ "$ingest_status" -le 1 ] || exit "$ingest_status"

# --- the workstation ---
if [ -n "$headless" ]; then
  say "Touring the workstation"
  "$build/tests/hada-tour" --server "$address" --password-file "$state/password" --out "$out"
  say "The pictures are in $out"
else
  cat <<TXT

Everyone's password is in $state/password. Log in as
  derm-b, derm-c   dermatologists      qa-d   QA reviewer      coordinator-a   site coordinator      admin
The workstation opens as derm-b; another one:  build/bin/hada --server $address --user qa-d --password-file $state/password
TXT
  "$build/bin/hada" --server "$address" --user derm-b --password-file "$state/password"
fi
