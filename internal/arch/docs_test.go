package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// undocumented finds exported names without a sentence. A group's sentence covers
// its members; the methods of an unexported type are nobody's to read.
func undocumented(s source) []string {
	var out []string
	miss := func(n ast.Node, name string) { out = append(out, s.at(n)+": "+name) }
	for _, d := range s.syntax.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) && !wellKnown(d) {
				miss(d, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				name, doc := named(spec)
				if name != nil && name.IsExported() && doc == nil && d.Doc == nil {
					miss(spec, name.Name)
				}
			}
		}
	}
	return out
}

func named(spec ast.Spec) (*ast.Ident, *ast.CommentGroup) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		if spec.Doc != nil {
			return spec.Name, spec.Doc
		}
		return spec.Name, spec.Comment
	case *ast.ValueSpec:
		if spec.Doc != nil {
			return spec.Names[0], spec.Doc
		}
		return spec.Names[0], spec.Comment
	default:
		return nil, nil
	}
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	id, ok := t.(*ast.Ident)
	return ok && id.IsExported()
}

// wellKnown methods say by their interface what they do.
func wellKnown(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{
		"Error", "Unwrap", "String", "Activity", "Is", "As", "Close", "Read", "Write",
		"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Len", "Less", "Swap", "ServeHTTP",
	}, d.Name.Name)
}

func TestExportedNamesHaveASentence(t *testing.T) {
	for _, s := range handWritten(sources(t)) {
		if s.isTest() || s.syntax.Name.Name == "main" {
			continue
		}
		for _, place := range undocumented(s) {
			t.Error(place)
		}
	}
}

func TestMissingSentencesAreSeen(t *testing.T) {
	s := planted(t, "internal/portfolio/x.go", `package p

type A struct{}

// B is documented.
type B struct{}

func (B) Do() {}

func (B) String() string { return "" }

type hidden struct{}

func (hidden) Do() {}

// The group.
const (
	C = 1
	D = 2
)

var E, f = 1, 2
`)
	got := strings.Join(undocumented(s), " ")
	for _, want := range []string{": A", ": Do", ": E"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if len(undocumented(s)) != 3 {
		t.Errorf("got %q, want three", got)
	}
}
