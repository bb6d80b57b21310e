package app

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// TestReadingTakesNoBody: a field of an input that is called Body is its body, even
// where it was meant for the query.
func TestReadingTakesNoBody(t *testing.T) {
	for at, ops := range web.Description("1", "", (&App{}).operations()).Paths {
		for _, op := range []*huma.Operation{ops.Get, ops.Delete} {
			if op != nil && op.RequestBody != nil {
				t.Errorf("%s of %s wants a body", op.OperationID, at)
			}
		}
	}
}

// noVersion are the changes of what has no version, with the reason.
var noVersion = map[string]string{
	"putAccount":          "an account is a role and whether it is open; both are sent whole",
	"markPresence":        "each mark is of one person, and several people mark at once",
	"answerControl":       "an answer is one person's own",
	"moveProject":         "where a project is governed by has days and no version",
	"overrideTier":        "a tier that is set stands beside the ones before it",
	"chooseStanding":      "a person's own switch",
	"answerOpposites":     "an answer is given once, and kept nowhere as one",
	"chooseReminders":     "a person's own switch",
	"chooseCounted":       "a person's own switch",
	"changeMentoringNote": "a note is one person's own, whom nobody else reads or writes",
	"sharePlanStep":       "whether somebody reads a step is yes or no",
}

// TestChangesSayWhatTheyAreBasedOn: a PUT or PATCH carries If-Match, unless what it
// changes has no version.
func TestChangesSayWhatTheyAreBasedOn(t *testing.T) {
	for at, ops := range web.Description("1", "", (&App{}).operations()).Paths {
		for _, op := range []*huma.Operation{ops.Put, ops.Patch} {
			if op == nil {
				continue
			}
			based := slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.Name == "If-Match" })
			if based == (noVersion[op.OperationID] != "") {
				t.Errorf("%s of %s: If-Match %t, without a version %q", op.OperationID, at, based, noVersion[op.OperationID])
			}
		}
	}
}

var (
	keyPressed = regexp.MustCompile(`e\.key(?:\.toLowerCase\(\))? === "([^"]+)"`)
	keyTold    = regexp.MustCompile(`<kbd>([^<]+)</kbd>`)
)

// TestTheHelpNamesEveryKey compares the page of keys with the script and the
// navigation, in both directions.
func TestTheHelpNamesEveryKey(t *testing.T) {
	script, err := os.ReadFile(filepath.Join("..", "kit", "ui", "assets", "src", "cairn.js"))
	check(t, err)
	handled := map[string]bool{"Ctrl k": true, "Ctrl Enter": true, "Esc": true} // the browser closes a dialog
	for _, m := range keyPressed.FindAllStringSubmatch(string(script), -1) {
		handled[m[1]] = true
	}
	var nav []ui.NavItem
	for _, m := range (&App{}).Modules() {
		nav = append(nav, m.Nav...)
	}
	seen := map[string]string{}
	for _, n := range nav {
		if n.Key == "" {
			continue
		}
		if other := seen[n.Key]; other != "" {
			t.Errorf("%s and %s have the same letter", other, n.ID)
		}
		seen[n.Key], handled[n.Key] = n.ID, true
	}
	var page strings.Builder
	check(t, keysPage(nav).Render(context.Background(), &page))
	told := map[string]bool{}
	for _, m := range keyTold.FindAllStringSubmatch(page.String(), -1) {
		told[m[1]] = true
		if !handled[m[1]] {
			t.Errorf("the page names %q, which nothing handles", m[1])
		}
	}
	for k := range handled {
		if !told[k] {
			t.Errorf("the page does not name %q", k)
		}
	}
}
