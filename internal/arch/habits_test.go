package arch

import (
	"bytes"
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	kitCap         = 6500 // hand-written lines of Go and templates that the product holds
	fileLimit      = 500  // lines; 95 of 100 files stay under it
	fileMedian     = 150
	functionLimit  = 60 // lines; 95 of 100 functions stay under it
	almostAllShare = 0.95
)

// handWritten leaves out what a program wrote.
func handWritten(all []source) []source {
	return slices.DeleteFunc(slices.Clone(all), func(s source) bool { return s.generated })
}

// inKit leaves out what only tests use and what bundles the assets.
func inKit(dir string) bool {
	return under(dir, "internal/kit") && !under(dir, "internal/kit/kittest") && !under(dir, "internal/kit/ui/assets")
}

// ofOneUser lists the parts of kit that fewer than two places outside of them
// import; a feature and its web half are one place.
func ofOneUser(all []source) []string {
	users := map[string]map[string]bool{}
	for _, s := range all {
		if s.isTest() || s.dir() == "internal/kit/kittest" {
			continue
		}
		if inKit(s.dir()) && users[s.dir()] == nil {
			users[s.dir()] = map[string]bool{}
		}
		for _, i := range s.imports() {
			part, ours := strings.CutPrefix(i, module)
			if !ours || !inKit(part) || part == s.dir() {
				continue
			}
			if users[part] == nil {
				users[part] = map[string]bool{}
			}
			users[part][place(s.dir())] = true
		}
	}
	var out []string
	for part, by := range users {
		if len(by) < 2 {
			out = append(out, part)
		}
	}
	slices.Sort(out)
	return out
}

// place is a part of kit, a feature, app or cmd.
func place(dir string) string {
	if under(dir, "internal/kit") {
		return dir
	}
	return strings.Join(strings.Split(dir, "/")[:min(2, strings.Count(dir, "/")+1)], "/")
}

func TestKitPartsOfOneUserAreSeen(t *testing.T) {
	got := ofOneUser([]source{
		planted(t, "internal/kit/work/work.go", "package p\n\nimport _ \"cairn/internal/kit/errs\"\n"),
		planted(t, "internal/raid/raid.go", "package p\n\nimport (\n_ \"cairn/internal/kit/errs\"\n_ \"cairn/internal/kit/work\"\n)\n"),
		planted(t, "internal/raid/raidweb/raid.go", "package p\n\nimport _ \"cairn/internal/kit/work\"\n"),
	})
	if want := []string{"internal/kit/work"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestKitStaysSmall(t *testing.T) {
	total, per := 0, map[string]int{}
	count := func(dir string, lines int) {
		total += lines
		per[dir] += lines
	}
	for _, s := range handWritten(sources(t)) {
		if inKit(s.dir()) && !s.isTest() {
			count(s.dir(), s.lines)
		}
	}
	root := filepath.Join("..", "..", "internal", "kit")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		body, err := os.ReadFile(path)
		count(filepath.ToSlash(filepath.Join("internal/kit", strings.TrimPrefix(filepath.Dir(path), root))), bytes.Count(body, []byte("\n")))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > kitCap {
		t.Errorf("kit has %d hand-written lines, the cap is %d: %v; of one user alone, so not of the kit: %v", total, kitCap, per, ofOneUser(sources(t)))
	}
	t.Logf("kit: %d of %d lines", total, kitCap)
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	var files, functions []int
	var long []string
	for _, s := range handWritten(sources(t)) {
		files = append(files, s.lines)
		if s.lines > fileLimit {
			long = append(long, fmt.Sprintf("%s has %d lines", s.path, s.lines))
		}
		for _, d := range s.syntax.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil || s.isTest() { // a table of cases is as long as it has to be
				continue
			}
			lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
			functions = append(functions, lines)
			if lines > functionLimit {
				long = append(long, fmt.Sprintf("%s: %s has %d lines", s.at(f), f.Name.Name, lines))
			}
		}
	}
	slices.Sort(files)
	if m := files[len(files)/2]; m > fileMedian {
		t.Errorf("the median file has %d lines, at most %d were agreed", m, fileMedian)
	}
	if got := shareUpTo(files, fileLimit); got < almostAllShare {
		t.Errorf("%.1f %% of the files have at most %d lines, 95 %% were agreed: %v", 100*got, fileLimit, long)
	}
	if got := shareUpTo(functions, functionLimit); got < almostAllShare {
		t.Errorf("%.1f %% of the functions have at most %d lines, 95 %% were agreed: %v", 100*got, functionLimit, long)
	}
}

// shareUpTo gives which part of the values is at most limit, from 0 to 1.
func shareUpTo(values []int, limit int) float64 {
	n := 0
	for _, v := range values {
		if v <= limit {
			n++
		}
	}
	return float64(n) / float64(max(len(values), 1))
}

// emptyWords name no thing of the domain.
var emptyWords = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared"}

func emptyName(path string) bool {
	for part := range strings.SplitSeq(strings.TrimSuffix(path, ".go"), "/") {
		for word := range strings.SplitSeq(part, "_") {
			if slices.Contains(emptyWords, word) {
				return true
			}
		}
	}
	return false
}

func TestNamesSayWhatThingsAre(t *testing.T) {
	for _, s := range sources(t) {
		if emptyName(s.path) {
			t.Errorf("%s: a name that says nothing", s.path)
		}
	}
	for path, want := range map[string]bool{
		"internal/kit/util/x.go": true, "internal/portfolio/helpers.go": true, "internal/identity/common_test.go": true,
		"internal/portfolio/service.go": false, "internal/bodies/commons.go": false,
	} {
		if emptyName(path) != want {
			t.Errorf("%s: refused %v, want %v", path, !want, want)
		}
	}
}

// leftOver finds words that promise work instead of doing it.
func leftOver(s source) []string {
	var out []string
	for _, g := range s.syntax.Comments {
		for _, c := range g.List {
			for _, word := range []string{"TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"} {
				if strings.Contains(c.Text, word) {
					out = append(out, s.at(c)+": "+word)
				}
			}
		}
	}
	return out
}

func TestNothingIsLeftForLater(t *testing.T) {
	for _, s := range sources(t) {
		for _, place := range leftOver(s) {
			t.Error(place)
		}
	}
	if len(leftOver(planted(t, "a.go", "package p\n\n// TO"+"DO: later\n"))) != 1 {
		t.Error("a planted promise was not seen")
	}
}
