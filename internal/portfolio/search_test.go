package portfolio_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
)

// found are the names that the search fuzzer looks through.
var found = []string{"Trunk main 100 %", "a_b", "O'Brien's reservoir", "Kovařík – řeka", "!bang!", `back\slash`, "quote \" and ; -- comment", "ΣΊΣΥΦΟΣ"}

// FuzzSearch: whatever is typed, the list answers, and it finds exactly the names
// that hold it: a wildcard or a quote of SQL is a character like another.
func FuzzSearch(f *testing.F) {
	ctx, head := context.Background(), authz.Actor{Person: "h", Role: authz.HeadOfPMO}
	db := kittest.NewDB(f, sqldb.SQLite)
	u := work.New(db, clock.NewManual(kittest.Noon, 1).Source, authz.NewPolicy(portfolio.Rules), time.UTC)
	s := portfolio.NewService(u)
	for _, name := range found {
		if _, err := s.AddProject(ctx, head, s.Today(), portfolio.Facts{portfolio.Name: {Text: name}}, false); err != nil {
			f.Fatal(err)
		}
	}
	for _, seed := range []string{"", "%", "_", "!", `\`, "'", "\"", "; DROP TABLE project", "100 %", "RIEN'S", "reka", "σίσυφος", "a_b", "a!_b", "*", "NEAR(", strings.Repeat("%", 200), strings.Repeat("M", 1201)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > 10_000 {
			return // refused at the door
		}
		page, err := s.List(ctx, head, portfolio.Filter{Find: text})
		if utf8.RuneCountInString(text) > 1200 {
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("a search of %d characters: %v", utf8.RuneCountInString(text), err)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		want := 0
		for _, name := range found {
			if strings.Contains(fold.Sort(name), fold.Key(text)) {
				want++
			}
		}
		if len(page.Projects) != want {
			t.Fatalf("%q is found in %d names, want %d", text, len(page.Projects), want)
		}
	})
}
