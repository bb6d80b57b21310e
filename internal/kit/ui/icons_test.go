package ui_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var named = regexp.MustCompile(`\bIcon(?:\(|: )"([a-z-]+)"`)

// An icon that the sprite has not is an empty square, which nobody notices.
func TestEveryIconIsDrawn(t *testing.T) {
	sprite, err := os.ReadFile(filepath.Join("assets", "src", "icons.svg"))
	if err != nil {
		t.Fatal(err)
	}
	used := 0
	err = filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".templ") && !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		body, err := os.ReadFile(path)
		for _, m := range named.FindAllSubmatch(body, -1) {
			used++
			if !strings.Contains(string(sprite), `id="i-`+string(m[1])+`"`) {
				t.Errorf("%s: there is no icon %q", path, m[1])
			}
		}
		return err
	})
	if err != nil || used < 50 {
		t.Fatalf("%d icons are used, %v", used, err)
	}
}
