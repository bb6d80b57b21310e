package check_test

import (
	"os"
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

func TestShippedFilesPass(t *testing.T) {
	for _, name := range []string{"first.yaml", "full.yaml"} {
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
		check.Check(file)
	}
}
