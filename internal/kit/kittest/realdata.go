package kittest

import (
	"os"
	"path/filepath"
	"testing"
)

// RealData gives the folder of real files of others: below CAIRN_REAL_DATA, or
// ../shared/data beside the project. Without it the test is skipped and says so;
// each such test has a hand-made sibling that always runs.
func RealData(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("CAIRN_REAL_DATA")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(filepath.Dir(dir), "shared", "data")
	}
	path := filepath.Join(root, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real files %s are not here (CAIRN_REAL_DATA names their folder): %v", name, err)
	}
	return path
}
