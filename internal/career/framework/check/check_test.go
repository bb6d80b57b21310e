package check_test

import (
	"os"
	"path/filepath"
	"testing"

	"cairn/internal/career/framework/check"
)

func shipped(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// shippedNames are the files beside the package.
func shippedNames(t testing.TB) (out []string) {
	t.Helper()
	found, err := filepath.Glob("../*.yaml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no files, %v", err)
	}
	for _, f := range found {
		out = append(out, filepath.Base(f))
	}
	return out
}

func TestShippedFilesPass(t *testing.T) {
	for _, name := range shippedNames(t) {
		f, problems := check.Check(shipped(t, name))
		for _, p := range problems {
			t.Errorf("%s: %s", name, p)
		}
		if f == nil {
			t.Errorf("%s is refused", name)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	file := shipped(b, "full.yaml")
	for b.Loop() {
		if f, problems := check.Check(file); f == nil {
			b.Fatal(problems)
		}
	}
}
