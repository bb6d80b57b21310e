package identity

import (
	"context"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

func TestPeopleWhoMayBeOneAreSuggested(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, f *fixture) {
		add := func(name, mail string) string {
			p, err := f.AddPerson(ctx, authz.AtCommandLine(), Person{Name: name, Email: mail})
			if err != nil {
				t.Fatal(err)
			}
			return p.ID
		}
		_ = add("Jane Smithers", "")
		short, whole := add("J. Smith", ""), add("Jáne Smith", "jane@example.org")
		head := authz.Actor{Person: add("Head", ""), Role: authz.HeadOfPMO}
		twins, err := f.Twins(ctx, head)
		if err != nil || len(twins) != 1 || twins[0].Keep.ID != whole || twins[0].Other.ID != short || twins[0].SameName {
			t.Fatalf("suggested are %+v, %v", twins, err)
		}
		if _, err := f.Merge(ctx, head, whole, head.Person); !errs.Is(err, errs.Invalid) {
			t.Errorf("somebody merges themselves: %v", err)
		}
		id, err := f.Merge(ctx, head, whole, short)
		if err != nil {
			t.Fatal(err)
		}
		if twins, err = f.Twins(ctx, head); err != nil || len(twins) != 0 {
			t.Errorf("still suggested: %+v, %v", twins, err)
		}
		page, err := f.People(ctx, head, Filter{Find: "j. smi"})
		if err != nil || len(page.People) != 1 || page.People[0].ID != whole {
			t.Errorf("under the name before: %+v, %v", page.People, err)
		}
		err = f.unit.Do(ctx, head, func(ctx context.Context, tx *work.Tx) error {
			found, err := f.FindIn(ctx, tx, []string{"J. Smith", "Jane Smith"})
			if len(found["j. smith"]) != 1 || found["j. smith"][0] != whole || len(found["jane smith"]) != 1 {
				t.Errorf("a file that names J. Smith finds %v", found)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := f.Invite(ctx, authz.AtCommandLine(), short, authz.Member); !errs.Is(err, errs.NotFound) {
			t.Errorf("an entry that is merged away is invited: %v", err)
		}
		f.clock.Advance((MergeDays + 1) * 24 * time.Hour)
		if _, _, err := f.Unmerge(ctx, head, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone too late: %v", err)
		}
	})
}
