# Sourced by the other scripts: where things are, and how they speak.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export CGO_ENABLED=${CGO_ENABLED:-0}

step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# The newest installed PostgreSQL's programs, nothing where there is none.
postgres_bin() {
	local b
	for b in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
		[ -x "$b/initdb" ] && { echo "$b"; return; }
	done
	b=$(command -v initdb || true)
	[ -n "$b" ] && dirname "$(readlink -f "$b")"
	return 0
}

# The browser that the end-to-end suite drives, nothing where there is none. The one
# without windows is the same engine for three quarters of the work.
chromium_bin() {
	local b
	for b in "${CAIRN_CHROMIUM:-chromium-headless-shell}" chromium chromium-browser google-chrome; do
		command -v "$b" && return
	done
	return 0
}

# True if node is there and at least as new as Debian 12's.
node_ok() {
	command -v node >/dev/null && command -v npm >/dev/null &&
		[ "$(node -p 'Number(process.versions.node.split(".")[0])')" -ge 18 ]
}

# CGO is for the race detector alone.
compiler_ok() { command -v "${CC:-gcc}" >/dev/null; }

# A folder in memory for what tests throw away, nothing where there is too little of
# it (4 GB) or no program may run from it. Tests wait for a disk half of their time.
memory_dir() {
	local dir=/dev/shm free probe
	[ -w "$dir" ] || return 0
	free=$(df -Pk "$dir" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge 4000000 ] && awk '/^MemAvailable/ { exit $2 < 6000000 }' /proc/meminfo || return 0
	probe=$(mktemp "$dir/cairn-probe.XXXXXX")
	printf '#!/bin/sh\n' >"$probe" && chmod +x "$probe"
	if "$probe" 2>/dev/null; then echo "$dir"; fi
	rm -f "$probe"
}
