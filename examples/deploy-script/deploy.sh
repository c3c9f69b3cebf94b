#!/usr/bin/env bash
# Deploys the StatefulSet "web" with kubectl and waits for it; a rollout that fails is taken back.
# usage: deploy.sh IMAGE [NAMESPACE]; TIMEOUT is how long a rollout may take.
# Exit codes: 0 the image runs, 1 it does not and the previous one does again, 2 nothing runs as it should.
set -euo pipefail

image=${1:?usage: deploy.sh IMAGE [NAMESPACE]}
namespace=${2:-default}
timeout=${TIMEOUT:-120s}
here=$(cd "$(dirname "$0")" && pwd)

k() { kubectl --namespace "$namespace" "$@"; }
log() { echo "deploy: $*" >&2; }

kubectl get namespace "$namespace" >/dev/null 2>&1 || kubectl create namespace "$namespace"

before=$(k get statefulset web --ignore-not-found -o jsonpath='{.status.currentRevision}')
sed "s|IMAGE|$image|" "$here/web.yaml" | k apply -f -

if k rollout status statefulset/web --timeout="$timeout"; then
  k wait --for=condition=Ready pod -l app=web --timeout="$timeout" >/dev/null
  k get statefulset web -o jsonpath='{.metadata.name} runs {.spec.template.spec.containers[0].image} in {.status.readyReplicas} pods{"\n"}'
  exit 0
fi

log "the rollout of $image failed"
k get pods -l app=web --no-headers -o custom-columns=NAME:.metadata.name,WAITING:.status.containerStatuses[0].state.waiting.reason >&2
if [ -z "$before" ]; then
  log "there is nothing to go back to"
  exit 2
fi

k rollout undo statefulset/web
# A StatefulSet waits for a broken pod to become ready before it touches the next, so the pod has to go by hand.
k delete pod -l app=web --field-selector=status.phase=Pending --ignore-not-found
k rollout status statefulset/web --timeout="$timeout" || exit 2
log "back to $(k get statefulset web -o jsonpath='{.spec.template.spec.containers[0].image}')"
exit 1
