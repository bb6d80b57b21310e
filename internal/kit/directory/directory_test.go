package directory_test

import (
	"context"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/directory"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestPeopleAreFoundByTheirName(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		for _, p := range [][]any{{"a", "Ann Alder", "ann alder", "", 0}, {"b", "Bo", "bo", "", 0}, {"c", "Bo", "bo", "2026-01-31", 0}, {"d", "", "", "", 5}} {
			if _, err := db.Write.ExecContext(ctx, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version, erased_at) VALUES ($1, $2, $3, '', '', '', '', $4, 1, $5)`, p...); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := db.Write.ExecContext(ctx, `INSERT INTO account (person_id, role, password, active) VALUES ('a', 'head_of_pmo', '', TRUE)`); err != nil {
			t.Fatal(err)
		}
		if list, err := directory.List(ctx, db.Read); err != nil || len(list) != 2 || list[0].Name != "Ann Alder" {
			t.Errorf("%v %v", list, err)
		}
		for _, c := range []struct {
			typed, id string
			refused   bool
		}{{"", "", false}, {"ANN ALDER", "a", false}, {"b", "b", false}, {"Bo", "", true}, {"Nobody", "", true}} {
			id, err := directory.Named(ctx, db.Read, "owner", c.typed)
			if list := errs.FieldsOf(err); id != c.id || c.refused != (len(list) == 1 && list[0].Name == "owner") {
				t.Errorf("%q is %q, %v", c.typed, id, err)
			}
		}
		for person, role := range map[string]authz.Role{"a": authz.HeadOfPMO, "b": authz.Member, "c": "", "d": "", "x": ""} {
			who, there, err := directory.Present(ctx, db.Read, person, "2026-03-01")
			if err != nil || there != (role != "") || who.Role != role {
				t.Errorf("%s is %+v %v %v", person, who, there, err)
			}
		}
	})
}
