package career

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// A verb is said whole, or put together from its noun and a word, in the sources of
// the feature that records it.
func TestEveryMappedVerbIsRecordedSomewhere(t *testing.T) {
	said := map[string]bool{}
	literal := regexp.MustCompile(`"([a-z_]+\.?[a-z_]*)"`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../career") {
			return err
		}
		file, err := os.ReadFile(path)
		for _, m := range literal.FindAllStringSubmatch(string(file), -1) {
			said[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range Verbs() {
		noun, word, _ := strings.Cut(v, ".")
		if !said[v] && (!said[noun+"."] || !said[word]) {
			t.Errorf("%s is recorded by no feature", v)
		}
	}
}

func TestEveryFedKindIsOneOfTheFrameworkWithARoleThatItCanHave(t *testing.T) {
	f, err := framework.Default()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]framework.Kind{}
	for _, k := range f.ExperienceKinds {
		kinds[k.ID] = k
	}
	for _, id := range FedKinds() {
		if _, known := kinds[id]; !known {
			t.Errorf("%s is no kind of the framework", id)
		}
		if _, worded := wordings[id]; !worded {
			t.Errorf("%s has no words", id)
		}
	}
	for _, m := range mappings {
		for _, as := range m.as {
			if m.kind != "" && !slices.Contains(kinds[m.kind].Roles, string(as)) && m.kind != "report.submitted" {
				t.Errorf("%s makes %s as %s, which it cannot have", m.verb, m.kind, as)
			}
		}
	}
}

// entries draws a small record of one person: few things, much that happens to each.
func drawEntries(t *rapid.T) (out []activity.Entry) {
	n := rapid.IntRange(1, 25).Draw(t, "entries")
	for seq := 1; seq <= n; seq++ {
		id := strconv.Itoa(rapid.IntRange(1, 3).Draw(t, "id"))
		role := rapid.SampledFrom(Roles).Draw(t, "role")
		f := map[string]any{"project": "p" + id}
		e := activity.Entry{Seq: int64(seq), At: time.Date(2025, 1, seq, 9, 0, 0, 0, time.UTC), Actor: "a" + id, SubjectID: id}
		e.Verb = rapid.SampledFrom(Verbs()).Draw(t, "verb")
		e.SubjectKind, _, _ = strings.Cut(e.Verb, ".")
		switch e.SubjectKind {
		case "assignment":
			f["assignment"], f["kind"] = id, rapid.SampledFrom([]string{"project_manager", "pmo_partner", "team", "sponsor"}).Draw(t, "kind")
			f["from"], f["origin"] = "2025-01-0"+id, rapid.SampledFrom([]string{"", "imported"}).Draw(t, "origin")
		case "report":
			f["period"] = "2025-0" + id
		case "deputising":
			e.SubjectKind = "meeting"
		}
		if e.SubjectKind == "meeting" {
			f["on"] = "2025-02-0" + id
			if id != "1" {
				f["body"] = "b" + id
			}
		}
		e.Participants = []activity.Participant{{Person: "me", Role: role}}
		e.Facts, _ = json.Marshal(f)
		out = append(out, e)
	}
	return out
}

func keptItems(t *rapid.T, db *sqldb.DB) (out []string) {
	items, err := derived(context.Background(), db.Read, "me")
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		out = append(out, strings.Join([]string{it.Key, it.Kind, string(it.Role), string(it.Origin), it.Project, it.Body, it.From, it.To}, " "))
	}
	return out
}

// What is derived depends on what the record says and not on how it was read: once in
// its order, or piece by piece in any order, with pieces read again.
func TestItemsAreTheSameHoweverTheRecordIsRead(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		unit := work.New(db, clock.NewManual(kittest.Noon, 1).Source, authz.NewPolicy(Rules), time.UTC, KeepTables...)
		read := func(t *rapid.T, batches ...[]activity.Entry) []string {
			err := unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
				_, err := k.ExecContext(ctx, `DELETE FROM career_pack WHERE person_id = $1`, "me")
				return err
			})
			for _, entries := range batches {
				if err != nil {
					t.Fatal(err)
				}
				err = unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
					to := newShelf(k, time.UTC)
					for _, e := range entries {
						if err := apply(ctx, to, e, func(p string) string { return p }); err != nil {
							return err
						}
					}
					return to.put(ctx)
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			return keptItems(t, db)
		}
		rapid.Check(t, func(t *rapid.T) {
			record := drawEntries(t)
			once := read(t, record)
			shuffled := rapid.Permutation(append(slices.Clone(record), record[:rapid.IntRange(0, len(record)).Draw(t, "again")]...)).Draw(t, "order")
			cut := rapid.IntRange(0, len(shuffled)).Draw(t, "interrupted")
			if d := cmp.Diff(once, read(t, shuffled[:cut], shuffled[cut:])); d != "" {
				t.Fatalf("(-in order +otherwise):\n%s", d)
			}
		})
	})
}

// What was dropped is in no standing, and nothing else is missing from it.
func TestADroppedGroupNeverCounts(t *testing.T) {
	by, err := framework.Default()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var items []Item
		kinds := FedKinds()
		for i := range rapid.IntRange(1, 60).Draw(t, "items") {
			day := "2025-0" + strconv.Itoa(1+i%9) + "-10"
			items = append(items, Item{
				Key: strconv.Itoa(i), Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Role: rapid.SampledFrom(Roles).Draw(t, "role"),
				Origin: rapid.SampledFrom([]Origin{Recorded, Imported}).Draw(t, "origin"), Project: "p" + strconv.Itoa(rapid.IntRange(1, 4).Draw(t, "project")), From: day, To: day,
			})
		}
		k := ledgerKept{claims: map[string]Claim{}}
		for _, g := range groupsOf(items, "2026-01-01") {
			k.claims[g.ID] = Claim{State: rapid.SampledFrom([]string{Accepted, Dropped, Proposed}).Draw(t, "state")}
		}
		var want []Item
		for i := range items {
			if k.claims[groupOf(&items[i])].State != Dropped {
				want = append(want, items[i])
			}
		}
		got := k.weigh(slices.Clone(items), "2026-01-01")
		keys := func(list []Item) (out string) {
			for _, it := range list {
				out += it.Key + " "
			}
			return out
		}
		if keys(want) != keys(got) {
			t.Fatalf("counts %s, without what was dropped %s", keys(got), keys(want))
		}
		a, b := evaluate(by, want, "2026-01-01"), evaluate(by, got, "2026-01-01")
		for i := range a.Levels {
			if a.Levels[i].Application != b.Levels[i].Application {
				t.Fatalf("%s: %d, without what was dropped %d", a.Levels[i].Competency.ID, b.Levels[i].Application, a.Levels[i].Application)
			}
		}
	})
}

// Months that overlap count once, and a group says so in its words.
func TestOverlappingMonthsCountOnce(t *testing.T) {
	by, _ := framework.Default()
	g := groupsOf([]Item{
		{Kind: "project.supported", Role: activity.Supported, Origin: Recorded, Project: "p", ProjectName: "Clean Rivers", From: "2025-01-15", To: "2025-03-10"},
		{Kind: "project.supported", Role: activity.Supported, Origin: Recorded, Project: "p", ProjectName: "Clean Rivers", From: "2025-03-01", To: "2025-04-30"},
	}, "2026-01-01")[0]
	if g.Months != 4 || g.Says(by) != "Supported Clean Rivers, January 2025 to April 2025" {
		t.Errorf("%d months, %q", g.Months, g.Says(by))
	}
	if lasting := groupsOf([]Item{{Kind: "project.supported", Origin: Recorded, From: "2025-11-20"}}, "2026-01-01")[0]; lasting.Months != 3 {
		t.Errorf("what lasts covers %d months", lasting.Months)
	}
	g.Claim.Hides, g.Tier = []string{HideClient}, "M"
	if s := g.Leaves(by); s != "Supported a project of the medium tier, January 2025 to April 2025" {
		t.Errorf("it leaves as %q", s)
	}
	g.Claim.Words = "Kept CLEAN RIVERS on its feet"
	if s := g.Leaves(by); s != "Kept a project of the medium tier on its feet" {
		t.Errorf("it leaves as %q", s)
	}
	// Money and names of people stay behind as well: whoever is asked to confirm reads this.
	g.Claim = Claim{Words: "Clean Rivers kept on its feet with Jo Harbour and Kim Dock for £2m", Hides: Hides}
	g.around, g.Asked = []string{"Jo Harbour"}, []Attestation{{AttesterName: "Kim Dock"}}
	if s := g.Leaves(by); s != "A project of the medium tier kept on its feet with a colleague and a colleague for an amount" {
		t.Errorf("it leaves as %q", s)
	}
	e := Entry{Words: "Quay wall for EUR 3,000 with Kim Dock", ProjectName: "Quay wall", Hides: Hides, Asked: g.Asked}
	if s := e.LeavesAs(); s != "A project for an amount with a colleague" {
		t.Errorf("it leaves as %q", s)
	}
}
