#!/usr/bin/env bash
# Everything that this machine can test. One throw-away PostgreSQL serves the whole
# run; a step that fails does not keep the others from being told.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if [ "${1:-}" != inside ]; then
	scripts/setup.sh
	mkdir -p build
	go -C tools build -o "$root/bin/" tool || {
		[ -z "${CI:-}${CAIRN_REQUIRE_ALL:-}" ] || fail "the tools cannot be built"
		echo "the tools cannot be built (no way to the modules?): go test runs without its summary, the linters fail" >&2
	}
	exec scripts/with-postgres.sh scripts/test.sh inside
fi

failed=()
run() { # name, command...
	step "$1"
	local name=$1
	shift
	"$@" || failed+=("$name")
}

compile() {
	go vet ./... && go build ./... || return 1
	if [ -d cmd/cairn ]; then go build -o bin/cairn ./cmd/cairn; fi
}
# gotestsum prints the closing lines of go test as they are and, at the end, each
# test that was left out with its reason. The log of everything is kept.
units() {
	if [ ! -x bin/gotestsum ]; then
		go test -p 2 -timeout 10m ./...
		return
	fi
	bin/gotestsum --format standard-quiet --jsonfile build/go-test.json -- -p 2 -timeout 10m ./...
}

run "go vet, go build" compile
run "go test" units
run "race detector" scripts/race.sh
run "browser" scripts/e2e.sh
run "checks" scripts/check.sh

if [ ${#failed[@]} -gt 0 ]; then
	printf '\nmake test: %d steps failed after %s s:\n' "${#failed[@]}" "$SECONDS"
	printf '  %s\n' "${failed[@]}"
	exit 1
fi
printf '\nmake test: ok (%s s)\n' "$SECONDS"
