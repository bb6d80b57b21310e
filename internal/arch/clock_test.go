package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// readsTime finds uses of the machine's clock, and sleeping.
func readsTime(s source) []string {
	var out []string
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := sel.X.(*ast.Ident)
		if !ok || of.Name != "time" || !slices.Contains(s.imports(), "time") {
			return true
		}
		switch sel.Sel.Name {
		case "Now", "Since", "Until":
			out = append(out, s.at(sel)+": time."+sel.Sel.Name+"; time comes from kit/clock")
		case "Sleep":
			out = append(out, s.at(sel)+": time.Sleep; wait on a condition")
		}
		return true
	})
	return out
}

// mayReadTime lists who turns the machine's clock into an injected one, and what
// runs outside the product.
func mayReadTime(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	return top == "cmd" || top == "bench" || under(dir, "internal/kit/clock")
}

func TestTimeIsInjected(t *testing.T) {
	for _, s := range sources(t) {
		if mayReadTime(s.dir()) {
			continue
		}
		for _, place := range readsTime(s) {
			t.Error(place)
		}
	}
}

func TestReadingTheClockIsSeen(t *testing.T) {
	bad := planted(t, "internal/portfolio/x.go", `package p

import "time"

var at = time.Now
var d = time.Since(time.Time{})

func f() { time.Sleep(time.Second) }
`)
	if got := readsTime(bad); len(got) != 3 {
		t.Errorf("seen %q, want three places", got)
	}
	if mayReadTime("internal/portfolio") || mayReadTime("internal/kit/clocks") || !mayReadTime("cmd/cairn") || !mayReadTime("internal/kit/clock") {
		t.Error("the list of who may read the clock is wrong")
	}
	if got := readsTime(planted(t, "a.go", "package p\n\nimport \"time\"\n\nvar d = 3 * time.Second\n")); len(got) != 0 {
		t.Errorf("a duration counts as reading the clock: %q", got)
	}
}
