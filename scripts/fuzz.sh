#!/usr/bin/env bash
# Every fuzz target of the sources, one after the other, each for a time (30s).
# What one finds is left in its package's testdata/fuzz, to be committed with its
# repair. Seeds run with go test. Making an interesting input small may take two
# seconds and not a minute each: with large seeds little else would be done.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

lasting=${1:-30s}
failed=()
while IFS=: read -r file target; do
	step "$target for $lasting"
	go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$lasting" -fuzzminimizetime 2s || failed+=("$target")
done < <(git ls-files -co --exclude-standard -- '*_test.go' | xargs grep -oE '^func Fuzz[A-Za-z0-9_]+' | sed 's/func //')

if [ ${#failed[@]} -gt 0 ]; then
	printf 'fuzz: %s failed\n' "${failed[@]}"
	exit 1
fi
