package arch

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
)

// rule says what a kind of package may import of Cairn, and what it may not
// import of the world.
type rule struct {
	kind   string
	may    func(dir, imported string) bool
	forbid []string // import paths or the beginnings of them
}

var (
	drivers   = []string{"github.com/jackc/pgx", "modernc.org/sqlite", "github.com/pressly/goose", "github.com/lib/pq"}
	templates = []string{"html/template", "text/template", "github.com/a-h/templ"}
)

// ruleOf finds the row of the table for a folder of the repository.
func ruleOf(dir string) rule {
	parts := strings.Split(dir, "/")
	switch {
	case parts[0] == "cmd":
		return rule{kind: "cmd", may: func(_, i string) bool { return under(i, "internal/app") || under(i, "internal/kit") }}
	case parts[0] != "internal":
		return rule{kind: "outside", may: func(_, _ string) bool { return true }}
	case under(dir, "internal/app"):
		return rule{kind: "app", may: func(_, _ string) bool { return true }}
	case under(dir, "internal/kit/sqldb"), under(dir, "internal/kit/migrate"), under(dir, "internal/kit/kittest"):
		return rule{kind: "kit", may: onlyKit}
	case under(dir, "internal/kit"):
		return rule{kind: "kit", may: onlyKit, forbid: drivers}
	case len(parts) > 2 && parts[2] == parts[1]+"web":
		return rule{kind: "web", may: webMay, forbid: append([]string{"database/sql"}, drivers...)}
	default:
		return rule{kind: "feature", may: featureMay, forbid: slices.Concat([]string{"net/http"}, templates, drivers)}
	}
}

func onlyKit(_, imported string) bool { return under(imported, "internal/kit") }

func featureMay(dir, imported string) bool {
	if under(imported, "internal/kit") {
		return !under(imported, "internal/kit/web") && !under(imported, "internal/kit/ui")
	}
	own := feature(dir)
	return under(imported, own) && !under(imported, own+"/"+path.Base(own)+"web")
}

func webMay(dir, imported string) bool {
	if under(imported, "internal/kit") {
		return !under(imported, "internal/kit/sqldb") && !under(imported, "internal/kit/migrate")
	}
	return under(imported, feature(dir))
}

// feature gives internal/portfolio for anything at or below it.
func feature(dir string) string { return strings.Join(strings.Split(dir, "/")[:2], "/") }

func under(p, base string) bool { return p == base || strings.HasPrefix(p, base+"/") }

// wrongImports says what a file imports that its place does not allow. A test may
// use databases, HTTP and kittest, but no more of Cairn than its package's rule
// and the halves of its own feature.
func wrongImports(s source) []string {
	r, dir := ruleOf(s.dir()), s.dir()
	var out []string
	for _, imported := range s.imports() {
		own, ours := strings.CutPrefix(imported, module)
		switch {
		case ours && s.isTest() && (under(own, "internal/kit") || (r.kind == "feature" || r.kind == "web") && under(own, feature(dir))):
		case ours && under(own, "internal/kit/kittest") && !under(dir, "internal/kit/kittest"):
			out = append(out, fmt.Sprintf("%s: %s imports %s, which is for tests", s.path, r.kind, own))
		case ours && !r.may(dir, own):
			out = append(out, fmt.Sprintf("%s: %s may not import %s", s.path, r.kind, own))
		case !ours && !s.isTest() && slices.ContainsFunc(r.forbid, func(f string) bool { return under(imported, f) }):
			out = append(out, fmt.Sprintf("%s: %s may not import %s", s.path, r.kind, imported))
		}
	}
	return out
}

func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		for _, wrong := range wrongImports(s) {
			t.Error(wrong)
		}
	}
}

func TestImportRulesSeePlantedViolations(t *testing.T) {
	for _, c := range []struct {
		path, imported string
		wrong          bool
	}{
		{"cmd/cairn/main.go", "cairn/internal/app", false},
		{"cmd/cairn/main.go", "cairn/internal/kit/clock", false},
		{"cmd/cairn/main.go", "cairn/internal/portfolio", true},
		{"internal/app/app.go", "cairn/internal/portfolio/portfolioweb", false},
		{"internal/app/app.go", "cairn/internal/kit/kittest", true},
		{"internal/kit/work/work.go", "cairn/internal/kit/authz", false},
		{"internal/kit/work/work.go", "cairn/internal/identity", true},
		{"internal/kit/work/work_test.go", "cairn/internal/kit/kittest", false},
		{"internal/kit/work/work_test.go", "cairn/internal/identity", true},
		{"internal/kit/work/work.go", "github.com/jackc/pgx/v5", true},
		{"internal/kit/sqldb/sqldb.go", "github.com/jackc/pgx/v5/stdlib", false},
		{"internal/kit/sqldb/sqldb.go", "cairn/internal/app", true},
		{"internal/portfolio/service.go", "cairn/internal/kit/sqldb", false},
		{"internal/portfolio/service.go", "cairn/internal/portfolio/rules", false},
		{"internal/portfolio/service.go", "cairn/internal/kit/web", true},
		{"internal/portfolio/service.go", "cairn/internal/kit/ui/chart", true},
		{"internal/portfolio/service.go", "cairn/internal/identity", true},
		{"internal/portfolio/service.go", "cairn/internal/portfolio/portfolioweb", true},
		{"internal/portfolio/service.go", "cairn/internal/app", true},
		{"internal/portfolio/service.go", "net/http", true},
		{"internal/portfolio/service.go", "github.com/a-h/templ", true},
		{"internal/portfolio/service.go", "modernc.org/sqlite", true},
		{"internal/portfolio/service_test.go", "cairn/internal/identity", true},
		{"internal/portfolio/service_test.go", "cairn/internal/portfolio/portfolioweb", false},
		{"internal/portfolio/rules/rules.go", "cairn/internal/career", true},
		{"internal/portfolio/portfolioweb/pages.go", "cairn/internal/kit/ui", false},
		{"internal/portfolio/portfolioweb/pages.go", "cairn/internal/portfolio", false},
		{"internal/portfolio/portfolioweb/pages.go", "net/http", false},
		{"internal/portfolio/portfolioweb/pages.go", "cairn/internal/kit/sqldb", true},
		{"internal/portfolio/portfolioweb/pages.go", "database/sql", true},
		{"internal/portfolio/portfolioweb/pages.go", "cairn/internal/identity", true},
		{"internal/portfolio/portfolioweb/pages.go", "cairn/internal/identity/identityweb", true},
		{"internal/portfolio/portfolioweb/pages_test.go", "cairn/internal/kit/sqldb", false},
		{"internal/portfolio/portfolioweb/pages_test.go", "cairn/internal/app", true},
		{"internal/portfolios/x.go", "cairn/internal/portfolio", true},
	} {
		s := planted(t, c.path, fmt.Sprintf("package p\n\nimport _ %q\n", c.imported))
		if got := len(wrongImports(s)) > 0; got != c.wrong {
			t.Errorf("%s importing %s: refused %v, want %v", c.path, c.imported, got, c.wrong)
		}
	}
}
