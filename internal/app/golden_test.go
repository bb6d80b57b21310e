package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a committed file, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("docs/%s is not what the code says; if that is meant: go test ./internal/app -update", name)
	}
}

func TestOpenAPIIsGolden(t *testing.T) {
	doc, err := web.OpenAPI("1", "", (&App{}).operations())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "openapi.yaml", doc)
}

// matrixRoles are the columns of the matrix, after the guest.
var matrixRoles = []authz.Role{authz.Guest, authz.Member, authz.PMOMember, authz.HeadOfPMO, authz.Administrator}

func TestAuthorisationMatrixIsGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Who may do what\n\nMade from the policy table and the route tables; a test keeps it true. Nothing is allowed that no rule allows.\n" +
		"\"on the project\" means: by a role on that project or above it (" + nodeRoles() + "). \"own\" means: the person whose own thing it is.\n" +
		"A confidential project exists only for the people assigned and the head of PMO, whatever the matrix says.\n\n## Actions\n\n| action | what | ")
	for _, r := range matrixRoles {
		b.WriteString(r.Label() + " | ")
	}
	b.WriteString("on the project | own |\n|---|---|" + strings.Repeat("---|", len(matrixRoles)+2) + "\n")
	policy := Policy()
	for _, r := range policy.Rules() {
		fmt.Fprintf(&b, "| %s | %s | ", r.Action, r.Says)
		for _, role := range matrixRoles {
			b.WriteString(yes(r.ByRole(role)) + " | ")
		}
		var on []string
		for _, n := range r.OnNode {
			on = append(on, string(n))
		}
		fmt.Fprintf(&b, "%s | %s |\n", strings.Join(on, ", "), yes(r.Owner))
	}
	a := &App{Config: Config{Demo: true}}
	b.WriteString("\n## Pages and forms\n\n| route | action |\n|---|---|\n")
	var routes, ops []string
	for _, m := range a.Modules() {
		for _, rt := range m.Routes {
			known(t, policy, rt.Action, rt.Pattern)
			routes = append(routes, fmt.Sprintf("| %s %s | %s |", rt.Method, rt.Pattern, rt.Action))
		}
		for _, o := range m.API {
			known(t, policy, o.Action, o.Path)
			ops = append(ops, fmt.Sprintf("| %s /api/v1%s | %s |", o.Method, o.Path, o.Action))
		}
	}
	slices.Sort(routes)
	slices.Sort(ops)
	b.WriteString(strings.Join(routes, "\n") + "\n\n## API\n\n| operation | action |\n|---|---|\n" + strings.Join(ops, "\n") + "\n")
	golden(t, "authorization.md", []byte(b.String()))
}

func known(t *testing.T, p *authz.Policy, a authz.Action, where string) {
	t.Helper()
	if _, ok := p.Rule(a); !ok {
		t.Errorf("%s needs %q, for which there is no rule", where, a)
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func nodeRoles() string {
	var out []string
	for _, n := range authz.NodeRoles {
		out = append(out, string(n))
	}
	return strings.Join(out, ", ")
}
