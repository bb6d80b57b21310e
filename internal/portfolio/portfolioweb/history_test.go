package portfolioweb

import (
	"strings"
	"testing"

	"cairn/internal/portfolio"
)

// Beyond the cap a comparison knows only that there are more than it found.
func TestACappedComparisonSaysMoreThan(t *testing.T) {
	v := compareView{Comparison: portfolio.Comparison{
		Span: portfolio.Span{From: "2025-01-01", To: "2026-01-01"}, Count: portfolio.MaxCompared, Capped: true, Counts: map[portfolio.Shift]int{portfolio.Slipped: 812},
	}}
	if s := compareLead(v); !strings.HasPrefix(s, "More than 2,000 projects differ between") {
		t.Error(s)
	}
	if s := v.shifts(); len(s) != 1 || s[0].Says != "more than 812 ends slipped" {
		t.Error(s)
	}
	v.Capped, v.Count = false, 1
	if s := compareLead(v); !strings.HasPrefix(s, "1 project differs between") {
		t.Error(s)
	}
}
