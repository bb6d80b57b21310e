#!/usr/bin/env bash
# The race detector over the packages in which goroutines are started, by the code or
# by its tests: it sees nothing where there is only one, and makes the pure-Go SQLite
# about ten times slower. -short leaves out what makes much in one goroutine.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

compiler_ok || { echo "no C compiler: the race detector's run is left out"; exit 0; }
packages=$(git ls-files -co --exclude-standard -- 'internal/*.go' 'cmd/*.go' |
	grep -v '_templ\.go$' |
	xargs -r grep -lE '\bgo func\(|\bgo [a-z][A-Za-z.]*\(|\.Go\(|errgroup' |
	xargs -r -n1 dirname | sort -u | grep -v '^internal/arch$' | sed 's|^|./|')
# Where units of work meet, whether or not the words are there. Of the composition
# root only what serves requests or runs behind them: the rest goes one by one.
packages=$(printf '%s\n' $packages ./internal/kit/work ./internal/kit/activity ./internal/kit/web | grep -vx ./internal/app | sort -u)
with_tests=$(for p in $packages; do ls "$p"/*_test.go >/dev/null 2>&1 && echo "$p"; done || true)
[ -n "$with_tests" ] || { echo "no package needs it"; exit 0; }
echo $with_tests
alone='^Test(NoPathLetsAGatePass|AMethodVersionInUseIsNeverAltered)' # laws that take one step at a time, thousands of them
# shellcheck disable=SC2086
CGO_ENABLED=1 go test -race -short -p 2 -timeout 8m -skip "$alone" "$@" $with_tests
CGO_ENABLED=1 go test -race -short -timeout 8m "$@" -run 'RequestsMeet|Webhooks|Sweeping|OverTheAPI' ./internal/app
