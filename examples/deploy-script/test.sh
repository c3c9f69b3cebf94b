#!/usr/bin/env bash
# Tests deploy.sh as continuous integration would: without a cluster, with stsctl in the place of kubectl.
# STSCTL is the program; by default the stsctl that is installed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
stsctl=${STSCTL:-$(command -v stsctl)}

# A folder with a link named kubectl, and a cluster of our own whose clock stands still unless a command waits.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$(realpath "$stsctl")" "$work/bin/kubectl"
export PATH="$work/bin:$PATH" STSCTL_STATE="$work/cluster.json" STSCTL_CLOCK=virtual STSCTL_FEATURE_GATES=

fail() {
  echo "not ok - $*"
  cat "$work/log"
  exit 1
}

# expect CODE WHAT COMMAND…: runs a command that has to end with the code.
expect() {
  local code=$1 what=$2 actual=0
  shift 2
  "$@" >"$work/log" 2>&1 || actual=$?
  [ "$actual" = "$code" ] || fail "$what: exit code $actual instead of $code"
  echo "ok - $what"
}

# same WANTED WHAT COMMAND…: what a command prints has to be this.
same() {
  local wanted=$1 what=$2 actual
  shift 2
  actual=$("$@" 2>"$work/log") || true
  [ "$actual" = "$wanted" ] || fail "$what: got '$actual' instead of '$wanted'"
  echo "ok - $what"
}

images() { kubectl get pods -n "$1" -l app=web -o jsonpath='{.items[*].spec.containers[0].image}'; }

expect 0 'the first deployment succeeds' "$here/deploy.sh" web:1.0
same 'web:1.0 web:1.0 web:1.0' 'three pods run it' images default

expect 0 'an update succeeds' "$here/deploy.sh" web:1.1
same 'web:1.1 web:1.1 web:1.1' 'three pods run the update' images default

expect 1 'an image that cannot be pulled is taken back' "$here/deploy.sh" web:does-not-exist
grep -q 'web-2 *ImagePullBackOff\|web-2 *ErrImagePull' "$work/log" || fail 'the log names the broken pod'
same 'web:1.1 web:1.1 web:1.1' 'the pods run what ran before' images default
same 3 'all of them are ready' kubectl get statefulset web -o jsonpath='{.status.readyReplicas}'

expect 2 'a first deployment that fails has nothing to go back to' "$here/deploy.sh" web:does-not-exist staging
