package framework_test

import (
	"os"
	"testing"

	"cairn/internal/career/framework"
)

func TestShippedFilesRead(t *testing.T) {
	for _, name := range []string{"first.yaml", "full.yaml"} {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range framework.Read(file).Sorted() {
			t.Errorf("%s: %s", name, p)
		}
	}
}
