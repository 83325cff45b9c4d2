#!/usr/bin/env bash
# Builds everything and runs the tests: ./test.sh [PROJECT…]   (default: all test projects)
# First it installs the programs that the tests use, or says which are missing. The last line is
# "N passed, N failed, N skipped". The exit code is 0 only if no test failed and at least one passed.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# A fixed seed: every run has the same fuzz cases, so a failed run can be repeated. ./bench.sh fuzz uses other seeds.
export WIKIBUS_FUZZ_SEED=${WIKIBUS_FUZZ_SEED:-7}

say() { printf '%s\n' "$*"; }

# Debian packages with the clients that the tests run; each is installed if its command is missing.
install_tools() {
  local missing=()
  command -v curl >/dev/null || missing+=(curl)
  command -v python3 >/dev/null || missing+=(python3)
  command -v node >/dev/null || missing+=(nodejs npm)
  command -v chromium >/dev/null || missing+=(chromium)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      # The tests make their own cluster of PostgreSQL, and the package need not make one.
      mkdir -p /etc/postgresql-common/createcluster.d
      echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/wikibus.conf
      { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 ||
        say "test.sh: could not install ${missing[*]}; the tests that need them are skipped"
    else
      say "test.sh: missing ${missing[*]} (not root, or no apt-get); the tests that need them are skipped"
    fi
  fi
  if command -v npm >/dev/null && [ -f test/clients/package.json ]; then
    (cd test/clients && npm install --no-audit --no-fund --silent >/dev/null 2>&1) ||
      say "test.sh: npm could not install the client packages; the tests that need them are skipped"
  fi
}

install_tools

if [ $# -gt 0 ]; then projects=("$@"); else
  projects=(WikiBus.Storage.Tests WikiBus.Events.Tests WikiBus.Json.Tests WikiBus.Schemas.Tests WikiBus.Producer.Tests WikiBus.Producer.EntityFrameworkCore.Tests WikiBus.Server.Tests WikiBus.FunctionalTests)
fi

mkdir -p artifacts/test
if ! dotnet build WikiBus.slnx -c Release -v quiet >artifacts/test/build.txt 2>&1; then
  grep -E 'error' artifacts/test/build.txt | sort -u | head -n 40
  say "test.sh: the build failed (artifacts/test/build.txt)"
  say "0 passed, 1 failed, 0 skipped"
  exit 1
fi
# Publishes the binary that the functional tests start as a separate process.
if ! ./wikibus --version >/dev/null 2>artifacts/test/publish.txt; then
  cat artifacts/test/publish.txt
  say "0 passed, 1 failed, 0 skipped"
  exit 1
fi

passed=0 failed=0 skipped=0
count() { grep -o "<assembly [^>]*" "$1" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{n += $1} END {print n + 0}'; }
for project in "${projects[@]}"; do
  results="artifacts/test/$project.xml"
  output="artifacts/test/$project.txt"
  rm -f "$results"
  started=$SECONDS
  "artifacts/bin/$project/release/$project" -xml "$results" >"$output" 2>&1 </dev/null
  code=$?
  if [ ! -s "$results" ]; then
    say "$project: ended with $code and without results:"
    tail -n 40 "$output"
    failed=$((failed + 1))
    continue
  fi
  p=$(count "$results" passed) f=$(count "$results" failed) s=$(count "$results" skipped) e=$(count "$results" errors)
  if [ "$code" != 0 ] && [ $((f + e)) = 0 ]; then f=1; fi
  if [ $((p + f + s + e)) = 0 ]; then say "$project: ran no test"; f=1; fi
  passed=$((passed + p)) failed=$((failed + f + e)) skipped=$((skipped + s))
  if [ $((f + e)) -gt 0 ]; then cat "$output"; else grep -A2 '\[SKIP\]' "$output"; fi
  say "$project: $p passed, $((f + e)) failed, $s skipped in $((SECONDS - started)) s"
done

say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
