#!/usr/bin/env bash
# What a machine can say about the sources without running them: format, linters,
# generated files, module files, scripts. Each complaint is printed; the last line
# says how many kinds there were.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

failed=()
run() { # name, command...
	step "$1"
	local name=$1
	shift
	"$@" || failed+=("$name")
}

# Generated files are compared by their content before and after.
sums() { git ls-files -co --exclude-standard -- '*_templ.go' | sort | xargs -r sha256sum; }
templates() {
	local before after
	before=$(sums)
	go tool templ generate -log-level error
	after=$(sums)
	[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after") || true; echo "templates were not generated: commit what make generate wrote"; return 1; }
}
assets() {
	local out
	out=$(mktemp -d)
	go run ./internal/kit/ui/assets/build -out "$out" && diff -rq "$out" internal/kit/ui/assets/dist ||
		{ rm -rf "$out"; echo "assets were not built: make assets"; return 1; }
	rm -rf "$out"
}
modules() { go mod tidy -diff && go -C tools mod tidy -diff && go mod verify >/dev/null; }
linters() {
	go -C tools build -o "$root/bin/" tool
	bin/golangci-lint run --allow-serial-runners ./...
}
scripts() {
	local f
	for f in scripts/*.sh .ci/run; do bash -n "$f" || return 1; done
	if command -v node >/dev/null; then
		for f in $(git ls-files -co --exclude-standard -- 'e2e/*.mjs'); do node --check "$f" || return 1; done
	fi
}

# The rules and what is off, with the reason, are in e2e/redocly.yaml.
description() {
	local bin=e2e/node_modules/.bin/redocly
	if [ ! -x "$bin" ]; then
		echo "left out: npm ci in e2e installs the linter of docs/openapi.yaml (npm, Node 20.19 or later)"
		return 0
	fi
	REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true "$bin" lint docs/openapi.yaml --config e2e/redocly.yaml --format stylish 2>&1
}

run "description of the API" description
run "generated templates" templates
run "built assets" assets
run "module files" modules
run "scripts" scripts
run "format and linters" linters

if [ ${#failed[@]} -gt 0 ]; then
	printf '\nmake check: %d failed:\n' "${#failed[@]}"
	printf '  %s\n' "${failed[@]}"
	exit 1
fi
printf '\nmake check: ok (%s s)\n' "$SECONDS"
