#!/usr/bin/env bash
# Installs through the system's package manager what the tests need and is not
# there. Where it may not, it says what is missing and which suites are left out;
# under CI, or with CAIRN_REQUIRE_ALL, that is a failure.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

command -v go >/dev/null || fail "Go is missing: https://go.dev/dl ($(sed -n 's/^go /version /p' go.mod) or newer)"

wanted() {
	[ -n "$(postgres_bin)" ] || echo postgresql
	[ -n "$(chromium_bin)" ] || echo chromium
	if ! node_ok; then
		command -v node >/dev/null || echo nodejs
		command -v npm >/dev/null || echo npm
	fi
	compiler_ok || { echo gcc; echo libc6-dev; }
	[ -r /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
	command -v apt-get >/dev/null || return 1
	[ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null
}

packages=$(wanted)
if [ -n "$packages" ] && may_install; then
	echo "installing: $(echo $packages)"
	# Debian starts a server of its own with the package; the tests want none.
	as_root apt-get update -q
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -q --no-install-recommends $packages ||
		echo "apt-get could not install everything; what is missing follows" >&2
fi

# Chromium without windows is welcome and no must: in the version of the one that is
# there, so that nothing else is touched for it.
without_windows() {
	local version
	version=$(dpkg-query -W -f '${Version}' chromium 2>/dev/null) || return 1
	as_root env DEBIAN_FRONTEND=noninteractive timeout 120 apt-get install -y -q --no-install-recommends "chromium-headless-shell=$version" >/dev/null 2>&1
}
if [ -n "$(chromium_bin)" ] && [ -z "${CAIRN_CHROMIUM:-}" ] && ! command -v chromium-headless-shell >/dev/null && may_install; then
	without_windows || echo "chromium-headless-shell cannot be had here: the browser suite takes a third longer"
fi

missing=0
lacks() { # what, suites that are left out, how to get it
	printf 'missing: %s\n  left out: %s\n  to have it: %s\n' "$1" "$2" "$3" >&2
	missing=1
}
[ -n "$(postgres_bin)" ] || [ -n "${CAIRN_TEST_POSTGRES:-}" ] ||
	lacks "PostgreSQL" "every test on PostgreSQL" "apt-get install postgresql, or set CAIRN_TEST_POSTGRES=postgres://..."
[ -n "$(chromium_bin)" ] || lacks "Chromium" "the browser suite" "apt-get install chromium"
node_ok || lacks "Node 18 or newer, with npm" "the browser suite" "apt-get install nodejs npm"
compiler_ok || lacks "a C compiler" "the race detector's run" "apt-get install gcc libc6-dev"

if [ "$missing" = 1 ] && [ -n "${CI:-}${CAIRN_REQUIRE_ALL:-}" ]; then
	fail "everything is required here (CI or CAIRN_REQUIRE_ALL is set)"
fi
