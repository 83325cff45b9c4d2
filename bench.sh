#!/usr/bin/env bash
# Measures: ./bench.sh intake|log|match|outbox|schemas|streaming|replay|size|webhooks|soak|fuzz [ARGUMENTS…]
# Each benchmark prints a table with the ratio to a reference. soak and fuzz are long tests. Use a quiet machine.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need() { # COMMAND PACKAGE…: installs the Debian packages if the command is missing
  local command=$1; shift
  command -v "$command" >/dev/null && return
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "bench.sh: $command is missing (Debian: $*)" >&2; exit 1
  fi
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Runs all fuzz targets with a new seed each time. WIKIBUS_FUZZ_SEED and WIKIBUS_FUZZ_CASE repeat a failed case.
fuzz() { # CASES: the number of cases per target; targets that cost more take a share of it
  export WIKIBUS_FUZZ_SEED=${WIKIBUS_FUZZ_SEED:-$RANDOM} WIKIBUS_FUZZ_CASES=$1
  echo "WIKIBUS_FUZZ_SEED=$WIKIBUS_FUZZ_SEED"
  dotnet build WikiBus.slnx -c Release -v quiet >&2
  local project failed=0
  for project in WikiBus.Storage.Tests WikiBus.Json.Tests WikiBus.Schemas.Tests WikiBus.Server.Tests WikiBus.FunctionalTests; do
    "artifacts/bin/$project/release/$project" -class '*Fuzz*' -class '*Hostile*' -noColor -showLiveOutput || failed=1
  done
  return "$failed"
}

verb=${1:-}
case "$verb" in
  intake) need wrk wrk ;;
  streaming) need nginx nginx-light libnginx-mod-nchan ;;
  schemas) (cd bench/schemas && npm install --no-audit --no-fund --silent) ;;
  replay) need wrk wrk ;;
  size) need wrk wrk ;;
  outbox) ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need initdb postgresql ;;
  log|match|webhooks|soak|fuzz) ;;
  *) sed -n '2,3p' "$0" | cut -c3- >&2; exit 2 ;;
esac

./wikibus --version >/dev/null
case "$verb" in
  soak)
    dotnet build WikiBus.slnx -c Release -v quiet >&2
    WIKIBUS_DELIVERY_BACKLOG=${WIKIBUS_DELIVERY_BACKLOG:-1000000} \
      artifacts/bin/WikiBus.Server.Tests/release/WikiBus.Server.Tests -method '*ScaleTests.Backlog_*' -showliveoutput
    WIKIBUS_CRASH_ROUNDS=${2:-200} WIKIBUS_OUTBOX_ROUNDS=${WIKIBUS_OUTBOX_ROUNDS:-20} \
      WIKIBUS_DELIVERY_ROUNDS=${WIKIBUS_DELIVERY_ROUNDS:-20} WIKIBUS_DREAM_ROUNDS=${WIKIBUS_DREAM_ROUNDS:-20} \
      exec artifacts/bin/WikiBus.FunctionalTests/release/WikiBus.FunctionalTests \
      -class '*.ProcessCrashTests' -class '*OutboxCrashTests' -class '*DeliveryCrashTests' -class '*DreamCrashTests' -showliveoutput ;;
  fuzz) fuzz "${2:-2000000}"; exit ;;
esac
dotnet build bench/WikiBus.Benchmarks -c Release -v quiet >&2
exec artifacts/bin/WikiBus.Benchmarks/release/WikiBus.Benchmarks "$@"
