package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is where the module begins, as a test of this package sees it.
const root = "../.."

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	fence   = regexp.MustCompile("(?ms)^```.*?^```")
	noSlug  = regexp.MustCompile(`[^\pL\pN _-]+`)
)

// prose gives every Markdown page of the project, by its path from the root.
func prose(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name, err := filepath.Rel(root, path)
			if err != nil {
				t.Fatal(err)
			}
			pages[filepath.ToSlash(name)] = fence.ReplaceAllString(string(body), "")
		}
	}
	return pages
}

// deadLinks finds links of a page to files or headings that are not there.
func deadLinks(pages map[string]string, page string) (dead []string) {
	for _, m := range link.FindAllStringSubmatch(pages[page], -1) {
		if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
			continue
		}
		file, anchor, _ := strings.Cut(m[1], "#")
		to := page
		if file != "" {
			to = filepath.ToSlash(filepath.Join(filepath.Dir(page), file))
		}
		if _, err := os.Stat(filepath.Join(root, to)); err != nil {
			if _, known := pages[to]; !known {
				dead = append(dead, m[1])
				continue
			}
		}
		if anchor != "" && !slices.Contains(anchors(pages[to]), anchor) {
			dead = append(dead, m[1])
		}
	}
	return dead
}

// anchors are a page's headings as a link names them.
func anchors(text string) (out []string) {
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.ReplaceAll(noSlug.ReplaceAllString(strings.ToLower(strings.TrimSpace(m[1])), ""), " ", "-"))
	}
	return out
}

func TestLinksOfThePagesLeadSomewhere(t *testing.T) {
	pages := prose(t)
	if len(pages) < 20 {
		t.Fatalf("%d pages found", len(pages))
	}
	for page := range pages {
		for _, to := range deadLinks(pages, page) {
			t.Errorf("%s: nothing is at %s", page, to)
		}
	}
}

func TestEveryPageOfTheGuideIsInItsIndex(t *testing.T) {
	pages := prose(t)
	for page := range pages {
		folder, name := filepath.Split(page)
		index, has := pages[folder+"README.md"]
		if folder == "" || !has || name == "README.md" {
			continue
		}
		if !strings.Contains(index, "]("+name) {
			t.Errorf("%s is not in %sREADME.md", page, folder)
		}
	}
}

func TestADeadLinkIsFound(t *testing.T) {
	pages := map[string]string{
		"docs/x/a.md": "# A page\n[there](b.md#its-own-part) [root](../../go.mod) [out](https://example.org/x)\n[gone](c.md) [no part](b.md#other) [here](#a-page)",
		"docs/x/b.md": "# B\n## Its own part",
	}
	if got := deadLinks(pages, "docs/x/a.md"); !slices.Equal(got, []string{"c.md", "b.md#other"}) {
		t.Error(got)
	}
}
