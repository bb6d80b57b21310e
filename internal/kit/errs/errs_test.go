package errs_test

import (
	"strings"
	"testing"

	"cairn/internal/kit/errs"
)

// A limit that is told in characters counts characters, in every script.
func TestALimitCountsCharacters(t *testing.T) {
	for _, letter := range []string{"a", "ü", "の", "🙂"} {
		for n, wrong := range map[int]bool{0: false, 200: false, 201: true} {
			var c errs.Check
			c.Fits("name", strings.Repeat(letter, n), 200)
			if fields := errs.FieldsOf(c.Err()); (len(fields) == 1) != wrong || wrong && (fields[0].Name != "name" || fields[0].Message != "Use at most 200 characters.") {
				t.Errorf("%d of %s: %v", n, letter, fields)
			}
		}
	}
}
