package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "cairn/"

// source is one Go file of the repository.
type source struct {
	path      string // from the root, with slashes
	syntax    *ast.File
	fset      *token.FileSet
	lines     int
	generated bool
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// dir is the folder, which is the import path without the module's name.
func (s source) dir() string { return filepath.ToSlash(filepath.Dir(s.path)) }

func (s source) imports() []string {
	var out []string
	for _, i := range s.syntax.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

// at is the place of a node as an editor wants it.
func (s source) at(n ast.Node) string {
	p := s.fset.Position(n.Pos())
	p.Filename = s.path
	return p.String()
}

var parseAll = sync.OnceValues(func() ([]source, error) {
	root := filepath.Join("..", "..")
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skipped(root, path, d)
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		s, err := parse(filepath.ToSlash(rel), body)
		out = append(out, s)
		return err
	})
	return out, err
})

// skipped leaves out hidden folders, what was built, and other modules.
func skipped(root, path string, d fs.DirEntry) error {
	if path == root {
		return nil
	}
	if strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"bin", "build", "node_modules", "testdata"}, d.Name()) {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

func parse(path string, body []byte) (source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, body, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	return source{path: path, syntax: f, fset: fset, lines: bytes.Count(body, []byte("\n")), generated: ast.IsGenerated(f)}, nil
}

// sources gives every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parseAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d Go files were found: the root is wrong", len(all))
	}
	return all
}

// planted parses a file that breaks a rule on purpose.
func planted(t *testing.T, path, body string) source {
	t.Helper()
	s, err := parse(path, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return s
}
