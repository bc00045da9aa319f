#!/usr/bin/env bash
# build | test | bench | format | pack: needs only the .NET 10 SDK and a NuGet source.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/test-results

build() { dotnet build Pondus.slnx -c Release --nologo "$@"; }

has_flags() { # has_flags FLAG...: does the processor have all of them
  local flags flag
  flags=" $(grep -m1 '^flags' /proc/cpuinfo 2>/dev/null || true) "
  for flag; do [[ $flags == *" $flag "* ]] || return 1; done
}

# The kernel set that the library must choose here; empty where this script cannot know.
expected_kernels() {
  [ "$(uname -m)" = x86_64 ] && [ -e /proc/cpuinfo ] || return 0
  if has_flags avx512f avx512bw avx512cd avx512dq avx512vl; then echo avx512
  elif has_flags avx2 fma; then echo avx2
  else echo portable; fi
}

status=0
run_tests() { # run_tests NAME KERNELS PROJECT [dotnet test ARGS...]
  local name=$1 kernels=$2 project=$3 rc=0
  shift 3
  echo "== tests: $name${kernels:+ (kernels: $kernels)}"
  PONDUS_EXPECT_KERNELS=$kernels dotnet test "$project" -c Release --no-build --nologo --logger trx \
    --results-directory "$results/$name" "$@" || rc=$?
  [ "$rc" -eq 0 ] || status=1
  # A crash of the test process is in no counter: it is a failure of its own.
  if [ "$rc" -ne 0 ] && [ "$(counter failed "$results/$name")" -eq 0 ]; then crashed=$((crashed + 1)); fi
}

counter() { # counter NAME FOLDER: the sum over the result files
  { find "$2" -name '*.trx' -exec cat {} + 2>/dev/null || true; } | tr '>' '\n' |
    sed -n "s/.*<Counters.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# One line a skipped test: its name and its reason.
skipped_tests() {
  { find "$results" -name '*.trx' -exec cat {} + 2>/dev/null || true; } | tr '\n' ' ' | sed 's/<UnitTestResult /\n&/g' |
    sed -n 's/^<UnitTestResult .*testName="\([^"]*\)".*outcome="NotExecuted".*/&/p' |
    sed 's/.*testName="\([^"]*\)"[^>]*>\(.*\)/\1\t\2/' |
    awk -F'\t' '{
      reason = $2
      if (!sub(/.*<Message>/, "", reason)) { sub(/.*<StdOut>/, "", reason) }
      sub(/<\/.*/, "", reason)
      print $1 ": " reason
    }' | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' | sort -u
}

# What tests wrote for people: counts of files by verdict, of damaged files, of operators.
written_counts() {
  { find "$results/default" -name '*.trx' -exec cat {} + 2>/dev/null || true; } | tr '\n' '\r' | sed 's/<UnitTestResult /\n/g' |
    grep -a -E 'testName="[^"]*(_Counts|OnnxSuiteTests|_DamagedAtRandom_|FuzzTests|_VectorsOf)' | grep -a -o '<StdOut>[^<]*' |
    sed 's/<StdOut>//' | tr '\r' '\n' | sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g'
}

examples_passed=0 examples_failed=0
run_examples() {
  local example log=$results/examples
  mkdir -p "$log"
  for example in examples/*.cs examples/*/*.csproj; do
    [ -e "$example" ] || continue
    local target=("$example") name
    [[ $example == *.csproj ]] && target=(--project "$example")
    name=$(basename "${example%.*}")
    if dotnet run -c Release "${target[@]}" >"$log/$name.log" 2>&1 </dev/null; then
      echo "example $example: passed"
      examples_passed=$((examples_passed + 1))
    else
      echo "example $example: FAILED"
      cat "$log/$name.log"
      examples_failed=$((examples_failed + 1))
      status=1
    fi
  done
}

# Without its data a test skips itself. With PONDUS_REQUIRE_ALL=1 that is a failure, except for data that nobody offered.
missing_parts() {
  local pattern='^$'
  [ -n "${PONDUS_TEST_DATA:-}" ] || pattern+='|PONDUS_TEST_DATA'
  [ -n "${PONDUS_PEERS:-}" ] || pattern+='|PONDUS_PEERS'
  [ -n "${PONDUS_NODE:-}" ] || pattern+='|PONDUS_NODE'
  grep -Ev "$pattern" || true
}

test_all() {
  local best tests=tests/Pondus.Tests sets parts skipped missing
  sets='FullyQualifiedName~Pondus.Tests.Kernels|FullyQualifiedName~Pondus.Tests.Operations|FullyQualifiedName~Pondus.Tests.Training'
  build || { echo "the build failed" >&2; echo "0 passed, 1 failed, 0 skipped"; return 1; }
  rm -rf "$results"
  crashed=0
  best=$(expected_kernels)
  run_tests default "$best" Pondus.slnx
  # The same kernel, operation and training tests in each smaller set that this processor can be told to use.
  if [ "$best" = avx512 ] && has_flags avx2 fma; then
    run_tests avx2 avx2 "$tests" --filter "$sets" -e DOTNET_EnableAVX512=0
  fi
  run_tests portable "${best:+portable}" "$tests" --filter "$sets" -e DOTNET_EnableHWIntrinsic=0
  run_examples

  local total ran passed failed
  total=$(counter total "$results") ran=$(counter executed "$results")
  passed=$(($(counter passed "$results") + examples_passed))
  failed=$(($(counter failed "$results") + examples_failed + crashed))
  # The result files say notExecuted="0" for skipped tests: they are those that did not run.
  parts=$((total - ran))
  written_counts || true
  skipped=$(skipped_tests)
  [ -z "$skipped" ] || sed 's/^/SKIPPED /' <<<"$skipped"
  if [ "$total" -eq 0 ]; then echo "no test ran" >&2; status=1; fi
  if [ "${PONDUS_REQUIRE_ALL:-0}" = 1 ]; then
    missing=$(missing_parts <<<"$skipped")
    if [ -n "$missing" ]; then echo "PONDUS_REQUIRE_ALL=1, and tests were skipped" >&2; status=1; fi
  fi
  echo "$passed passed, $failed failed, $parts skipped"
  return "$status"
}

command=${1:-build}
[ $# -eq 0 ] || shift
case "$command" in
  build) build "$@" ;;
  test) test_all ;;
  bench)
    # Built first and run without the build's process beside it, which would be measured too.
    log=$(dotnet build benchmarks/Pondus.Benchmarks -c Release --nologo -p:RunAnalyzers=false) || { echo "$log" >&2; exit 1; }
    exec dotnet benchmarks/Pondus.Benchmarks/bin/Release/net10.0/Pondus.Benchmarks.dll "$@" ;;
  format) dotnet format Pondus.slnx "$@" ;;
  pack)
    for project in src/Pondus src/Pondus.Cli; do dotnet pack "$project" -c Release --nologo -o artifacts/packages "$@"; done ;;
  *)
    echo "usage: ./build.sh build | test | bench [WORKLOAD...] [--pairs N] | format [--verify-no-changes] | pack" >&2
    exit 2 ;;
esac
