package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// daysOfMoments finds where a stored moment is written as a day without asking where
// the organisation is: the day is then that of Greenwich.
func daysOfMoments(s source) []string {
	var out []string
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !writesDay(call) {
			return true
		}
		names := chain(call.Fun)
		if slices.Contains(names, "In") { // of a zone that somebody chose
			return true
		}
		for _, from := range []string{"UTC", "UnixMicro", "UnixMilli", "Unix", "sqldb.Time", "Now"} {
			if slices.Contains(names, from) {
				out = append(out, s.at(call)+": the day of a moment; use ui.DayOf on a page and clock.DayOf elsewhere")
				break
			}
		}
		return true
	})
	return out
}

// writesDay reports whether it is Format with a layout of a day alone: one with an
// hour names its zone beside it.
func writesDay(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "Format" {
		return false
	}
	switch layout := call.Args[0].(type) {
	case *ast.SelectorExpr:
		return layout.Sel.Name == "DateOnly"
	case *ast.BasicLit:
		return strings.Contains(layout.Value, "2006") && !strings.Contains(layout.Value, "15")
	}
	return false
}

// chain names the calls of a().b().c from the end; the Time of sqldb is told apart from others.
func chain(e ast.Expr) (out []string) {
	for {
		switch x := e.(type) {
		case *ast.CallExpr:
			e = x.Fun
		case *ast.SelectorExpr:
			name := x.Sel.Name
			if of, ok := x.X.(*ast.Ident); ok && of.Name == "sqldb" {
				name = "sqldb." + name
			}
			out, e = append(out, name), x.X
		default:
			return out
		}
	}
}

func TestADayIsThatOfTheOrganisation(t *testing.T) {
	for _, s := range sources(t) {
		// A method counts in days, each of which is the same anywhere.
		if s.isTest() || under(s.dir(), "internal/governance/method") {
			continue
		}
		for _, place := range daysOfMoments(s) {
			t.Error(place)
		}
	}
}

func TestADayOfGreenwichIsSeen(t *testing.T) {
	bad := planted(t, "internal/portfolio/x.go", `package p

var a = time.UnixMicro(1).Format(time.DateOnly)
var b = at.UTC().Format("2 January 2006")
var c = sqldb.Time(x.At).Format("2006-01-02")
var d = time.UnixMicro(1).In(zone).Format(time.DateOnly)
var e = at.UTC().Format("2 January 2006, 15:04 UTC")
var f = day.AddDate(0, 1, 0).Format(time.DateOnly)
`)
	if got := daysOfMoments(bad); len(got) != 3 {
		t.Errorf("seen %q, want the first three", got)
	}
}
