package framework_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/career/framework"
)

func TestShippedFilesRead(t *testing.T) {
	found, err := filepath.Glob("*.yaml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no files, %v", err)
	}
	for _, name := range found {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range framework.Read(file).Sorted() {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// What is published as version 1 is what standings are computed by until then.
func TestDefaultFileIsTheDefault(t *testing.T) {
	a, err := framework.Default()
	if err != nil {
		t.Fatal(err)
	}
	b, err := framework.Load(framework.DefaultFile())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Error(d)
	}
}
