#!/usr/bin/env bash
# The browser suite: Debian's Chromium through playwright-core, against the real
# program on both databases. CAIRN_SCREENS names a folder for screens, make e2e does;
# without it none are taken. Arguments go to node's test runner, for example:
# scripts/e2e.sh --test-name-pattern=import
set -euo pipefail
. "$(dirname "$0")/lib.sh"

# One story on one database, the last two arguments; its lines are printed together.
if [ "${1:-}" = one ]; then
	shift
	db=${*: -2:1} f=${*: -1}
	log=$(mktemp) status=0
	CAIRN_E2E_DB=$db node --test --test-reporter=spec "${@:1:$#-2}" "$f" >"$log" 2>&1 || status=1
	{ cat "$log"; echo "$f on $db: $SECONDS s"; } | flock build/e2e.lock cat
	rm -f "$log"
	exit "$status"
fi

# As many stories at once as there are cores, four at most; the tour takes longest.
# What a page looks like does not depend on the database: the tour judges pages on one,
# and a test in Go walks every link on both (TestEveryLinkThatIsOfferedOpens).
if [ "${1:-}" = inside ]; then
	shift
	cores=$(nproc 2>/dev/null || echo 2)
	CAIRN_E2E_STORES=$(mktemp -d) # where the demonstration of a run is kept, to be copied
	export CAIRN_E2E_STORES
	trap 'rm -rf "$CAIRN_E2E_STORES"' EXIT
	{
		echo "sqlite e2e/tour.test.mjs"
		for f in $(ls e2e/*.test.mjs | grep -v -e /tour -e /harness); do
			for db in sqlite ${CAIRN_TEST_POSTGRES:+postgres}; do echo "$db $f"; done
		done
		echo "sqlite e2e/harness.test.mjs"
	} | xargs -P "$((cores < 4 ? cores : 4))" -L 1 scripts/e2e.sh one "$@"
	exit # with what xargs says
fi

if ! node_ok || [ -z "$(chromium_bin)" ]; then
	[ -z "${CI:-}${CAIRN_REQUIRE_ALL:-}" ] || fail "the browser suite needs Node 18 and Chromium (scripts/setup.sh)"
	echo "Node 18 or Chromium is missing: the browser suite is left out (scripts/setup.sh)" >&2
	exit 0
fi
if [ ! -d e2e/node_modules ] || [ e2e/package-lock.json -nt e2e/node_modules/.package-lock.json ]; then
	npm --prefix e2e ci --no-audit --no-fund --loglevel=error
fi
if [ -d cmd/cairn ]; then go build -o bin/cairn ./cmd/cairn; fi
CAIRN_CHROMIUM=$(chromium_bin)
export CAIRN_CHROMIUM
mkdir -p build
exec scripts/with-postgres.sh scripts/e2e.sh inside "$@"
