#!/usr/bin/env bash
# Runs a command with CAIRN_TEST_POSTGRES naming a PostgreSQL server: the one that
# it names already, or a throw-away cluster that lives as long as the command.
#
#	scripts/with-postgres.sh go test ./internal/portfolio
set -euo pipefail
. "$(dirname "$0")/lib.sh"

if [ -n "${CAIRN_TEST_POSTGRES:-}" ]; then exec "$@"; fi
bin=$(postgres_bin)
if [ -z "$bin" ]; then
	[ -z "${CAIRN_REQUIRE_ALL:-}" ] || fail "PostgreSQL is not installed, and CAIRN_REQUIRE_ALL asks for it"
	echo "PostgreSQL is not installed: tests on it are left out" >&2
	exec "$@"
fi

# What is measured or killed is on a disk; for the rest the cluster and TMPDIR, where
# tests have their SQLite files, are in memory, and what Go builds is not.
disk=${TMPDIR:-/tmp} memory=
[ -n "${CAIRN_TEST_FSYNC:-}" ] || memory=$(memory_dir)
dir=$(mktemp -d "${memory:-$disk}/cairn-pg.XXXXXX")
server() { "$@"; }
if [ "$(id -u)" = 0 ]; then # PostgreSQL refuses to run as root
	user=postgres
	id postgres >/dev/null 2>&1 || user=nobody
	chown "$user" "$dir"
	server() { runuser -u "$user" -- "$@"; }
fi
stop() {
	status=$?
	trap - EXIT
	(cd / && server "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1) || true
	rm -rf "$dir"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cd /
server "$bin/initdb" -D "$dir/data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 ||
	{ cat "$dir.log" >&2; rm -f "$dir.log"; fail "initdb failed"; }
rm -f "$dir.log"

# Nothing reserves a free port, so a taken one is tried again with another.
# fsync=off: this cluster holds nothing that anybody wants back. CAIRN_TEST_FSYNC=on
# is for the runs that kill processes and measure.
started=
for try in 1 2 3 4 5; do
	port=$((20000 + (RANDOM * 32768 + RANDOM) % 40000))
	if server "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -t 60 start -o "-p $port -k $dir \
		-c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=${CAIRN_TEST_FSYNC:-off} \
		-c full_page_writes=${CAIRN_TEST_FSYNC:-off} -c synchronous_commit=${CAIRN_TEST_FSYNC:-off}" >/dev/null; then
		started=$port
		break
	fi
done
[ -n "$started" ] || { cat "$dir/log" >&2; fail "PostgreSQL does not start (try $try)"; }

cd "$root"
if [ -n "$memory" ]; then
	mkdir "$dir/tmp"
	export GOTMPDIR=${GOTMPDIR:-$disk} TMPDIR=$dir/tmp
fi
export CAIRN_TEST_POSTGRES="postgres://postgres@127.0.0.1:$started/postgres?sslmode=disable"
"$@"
