#!/usr/bin/env bash
# The browser suite: Debian's Chromium through playwright-core, against the real
# program on both databases. Screens are left in build/screens. Arguments go to
# node's test runner, for example: scripts/e2e.sh --test-name-pattern=import
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if [ "${1:-}" = inside ]; then
	# One file after the other: Debian 12's node has no switch for it.
	shift
	status=0
	for f in e2e/*.test.mjs; do
		node --test --test-reporter=spec "$@" "$f" || status=1
	done
	exit "$status"
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
mkdir -p build/screens
exec scripts/with-postgres.sh scripts/e2e.sh inside "$@"
