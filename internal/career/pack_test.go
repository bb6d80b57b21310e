package career

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func drawLaid(t *rapid.T) laid {
	text := rapid.StringMatching(`[a-z/ \t\n.é-]{0,12}`)
	return lay(Item{
		Key: "k" + rapid.StringMatching(`[1-5]`).Draw(t, "key"), Kind: rapid.SampledFrom([]string{"", "report.submitted", "gate.reviewed"}).Draw(t, "kind"),
		Role: rapid.SampledFrom(Roles).Draw(t, "role"), Origin: Recorded, Project: text.Draw(t, "project"), Tier: rapid.SampledFrom([]string{"", "S"}).Draw(t, "tier"),
		From: "2025-01-0" + rapid.StringMatching(`[1-3]`).Draw(t, "day"), SubjectKind: "report", SubjectID: text.Draw(t, "subject"), Detail: text.Draw(t, "detail"),
	}, rapid.Int64Range(1, 9).Draw(t, "seq"))
}

// What is packed is read as it was laid: of each key the latest, what was taken back
// left out, and a value that would break its line kept to it.
func TestPacksGiveBackWhatWasLaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pile, want := rapid.SliceOfN(rapid.Custom(drawLaid), 1, 20).Draw(t, "laid"), newUnpacking(0)
		got := newUnpacking(0)
		for _, l := range pile {
			want.lay(l)
			got.add(packed("me", []laid{l})[3].(string))
		}
		laid := want.standing()
		for i := range laid {
			it := &laid[i]
			it.Project, it.SubjectID, it.Detail = plain.Replace(it.Project), plain.Replace(it.SubjectID), plain.Replace(it.Detail)
			it.group = groupOf(it)
		}
		if d := cmp.Diff(laid, got.standing(), cmp.AllowUnexported(Item{})); d != "" {
			t.Fatalf("(-laid +read):\n%s", d)
		}
	})
}

// However much comes in one by one, somebody has few packs, and nothing is lost when
// they become one; what comes for others stays theirs.
func TestPacksBecomeOne(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		unit := work.New(db, clock.NewManual(kittest.Noon, 1).Source, authz.NewPolicy(Rules), time.UTC, KeepTables...)
		for i := range 3 * mostPacks {
			err := unit.Keep(ctx, func(ctx context.Context, k *work.Keeping) error {
				to := newShelf(k, time.UTC)
				for _, person := range []string{"me", "you"}[:1+i%2] {
					to.lay(person, Item{Key: fmt.Sprint(person, i), Kind: "report.submitted", Project: fmt.Sprint("p", i%4), From: "2025-01-01"}, int64(i))
				}
				return to.put(ctx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for person, want := range map[string]int{"me": 3 * mostPacks, "you": 3 * mostPacks / 2} {
			u, numbers, err := unpack(ctx, db.Read, person)
			if err != nil || len(u.standing()) != want || len(numbers) > mostPacks+1 {
				t.Errorf("%s has %d pieces of %d in %d packs, %v", person, len(u.standing()), want, len(numbers), err)
			}
			for _, it := range u.standing() {
				if it.Key[:len(person)] != person {
					t.Errorf("%s has %s", person, it.Key)
				}
			}
		}
		var places int
		if err := db.Read.QueryRowContext(ctx, `SELECT COUNT(*) FROM career_place WHERE person_id = 'me'`).Scan(&places); err != nil || places != 4 {
			t.Errorf("the work lies at %d places, %v", places, err)
		}
	})
}
