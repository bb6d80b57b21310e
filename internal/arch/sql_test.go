package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	statement   = regexp.MustCompile(`(?is)^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|MERGE)\s`)
	placeholder = regexp.MustCompile(`\$([0-9]+)`)
	quoted      = regexp.MustCompile(`'[^']*'`)
	unportable  = regexp.MustCompile(`(?i)\bILIKE\b|\bnow\s*\(|=\s*ANY\b|\bDISTINCT\s+ON\b|->>?|\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\bAUTOINCREMENT\b|\bSERIAL\b|\bOFFSET\b|::[a-z]`)
)

// gap stands in a text where the code puts in something that is known only when
// it runs.
const gap = "\x00"

// texts gives every string that a file builds with literals: a literal, or a sum
// of literals and other things, with constants of the package put in.
func texts(s source, constants map[string]string) map[ast.Node]string {
	out := map[ast.Node]string{}
	inner := map[ast.Node]bool{}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok || inner[n] {
			return true
		}
		switch e := e.(type) {
		case *ast.BinaryExpr:
			if e.Op != token.ADD {
				return true
			}
			mark(e.X, inner)
			mark(e.Y, inner)
			out[n] = text(e, constants)
		case *ast.BasicLit:
			if e.Kind == token.STRING {
				out[n] = text(e, constants)
			}
		}
		return true
	})
	return out
}

// mark notes the parts of a sum, so that each is looked at once.
func mark(e ast.Expr, inner map[ast.Node]bool) {
	inner[e] = true
	if b, ok := e.(*ast.BinaryExpr); ok {
		mark(b.X, inner)
		mark(b.Y, inner)
	}
}

func text(e ast.Expr, constants map[string]string) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return text(e.X, constants) + text(e.Y, constants)
	case *ast.ParenExpr:
		return text(e.X, constants)
	case *ast.BasicLit:
		if v, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return v
		}
	case *ast.Ident:
		if v, ok := constants[e.Name]; ok {
			return v
		}
	}
	return gap
}

// constantsOf gathers the string constants of each folder.
func constantsOf(all []source) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, s := range all {
		if out[s.dir()] == nil {
			out[s.dir()] = map[string]string{}
		}
		for _, d := range s.syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				for i, name := range v.Names {
					if i < len(v.Values) {
						out[s.dir()][name.Name] = text(v.Values[i], nil)
					}
				}
			}
		}
	}
	return out
}

// wrongSQL says what is wrong with one SQL text. A whole statement numbers its
// placeholders 1, 2, 3 in the order in which they first appear; a part of one, or
// what follows a gap, may begin higher. One driver binds by number and another by
// appearance, and only this order means the same to both.
func wrongSQL(sql string) string {
	whole := statement.MatchString(sql)
	bare := quoted.ReplaceAllString(sql, "''")
	if whole {
		if m := unportable.FindString(bare); m != "" {
			return fmt.Sprintf("%q does not run on both engines", strings.TrimSpace(m))
		}
	}
	highest, free := 0, !whole
	for part := range strings.SplitSeq(bare, gap) {
		for _, m := range placeholder.FindAllStringSubmatch(part, -1) {
			n, err := strconv.Atoi(m[1])
			switch {
			case err != nil || n == 0:
				return m[0] + " is no placeholder"
			case n <= highest: // used again
			case n == highest+1 || free:
				highest, free = n, false
			default:
				return fmt.Sprintf("$%d appears before $%d", n, highest+1)
			}
		}
		free = true
	}
	return ""
}

func wrongQueries(s source, constants map[string]string) []string {
	var out []string
	for n, sql := range texts(s, constants) {
		if !statement.MatchString(sql) && !placeholder.MatchString(sql) {
			continue
		}
		if why := wrongSQL(sql); why != "" {
			out = append(out, s.at(n)+": "+why)
		}
	}
	return out
}

// mayBranch lists the parts of kit that know which engine they talk to, and the
// tests, whose shell scripts have placeholders of their own.
func mayBranch(s source) bool {
	return s.isTest() || s.generated || under(s.dir(), "internal/kit/sqldb") || under(s.dir(), "internal/kit/kittest") ||
		under(s.dir(), "internal/kit/archive") || under(s.dir(), "internal/kit/jobs") || under(s.dir(), "internal/kit/search") || !under(s.dir(), "internal")
}

func TestQueriesRunOnBothEngines(t *testing.T) {
	all := sources(t)
	constants, seen := constantsOf(all), 0
	for _, s := range all {
		if mayBranch(s) {
			continue
		}
		for _, sql := range texts(s, constants[s.dir()]) {
			if statement.MatchString(sql) {
				seen++
			}
		}
		for _, wrong := range wrongQueries(s, constants[s.dir()]) {
			t.Error(wrong)
		}
	}
	if seen < 20 {
		t.Errorf("only %d statements were found: the test looks at the wrong thing", seen)
	}
	t.Logf("%d statements", seen)
}

func TestWrongSQLIsSeen(t *testing.T) {
	for sql, wrong := range map[string]bool{
		"SELECT a FROM t WHERE b = $1 AND c = $2 AND d = $1": false,
		"SELECT a FROM t WHERE b = $2 AND c = $1":            true,
		"SELECT a FROM t WHERE b = $2":                       true,
		"INSERT INTO t (a, b) VALUES ($1, $3)":               true,
		"SELECT a FROM t WHERE b = $1" + gap + "LIMIT $4":    false,
		"SELECT a FROM t" + gap + "b = $3 AND c = $2":        false,
		"SELECT a FROM t" + gap + "b = $3 AND c = $5":        true,
		" AND b = $3 AND c = $4":                             false,
		" AND b = $3 AND c = $5":                             true,
		"SELECT a FROM t WHERE b ILIKE $1":                   true,
		"SELECT a FROM t WHERE b = 'ILIKE now()'":            false,
		"SELECT now()":                                      true,
		"SELECT a FROM t WHERE b = ANY($1)":                 true,
		"SELECT DISTINCT ON (a) a FROM t":                   true,
		"SELECT a->>'x' FROM t":                             true,
		"SELECT a FROM t FOR UPDATE":                        true,
		"SELECT a FROM t LIMIT $1 OFFSET $2":                true,
		"WITH x AS (SELECT 1) SELECT * FROM x WHERE a = $1": false,
		"select one of five people to enter as":             false,
	} {
		if got := wrongSQL(sql) != ""; got != wrong {
			t.Errorf("%q: refused %v (%s), want %v", sql, got, wrongSQL(sql), wrong)
		}
	}
}

func TestSumsOfTextsAreReadWhole(t *testing.T) {
	s := planted(t, "internal/portfolio/store.go", "package p\n\nconst columns = `a, $1`\n\n"+
		"var ok = `SELECT ` + columns + ` FROM t WHERE b = $2`\nvar bad = `SELECT a FROM t WHERE b = $2` + f()\n")
	got := wrongQueries(s, constantsOf([]source{s})[s.dir()])
	if len(got) != 1 || !strings.Contains(got[0], "store.go:6:") {
		t.Errorf("got %q, want line 6 alone", got)
	}
}
