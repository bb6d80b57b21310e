package app

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/career"
	"cairn/internal/identity"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/privacy"
	"cairn/internal/portfolio"
	"cairn/internal/raid"
)

// Columns of these names hold numbers of people.
var namesPeople = regexp.MustCompile(`(^|_)person_id$|_by$|^(owner|author|organiser|actor|deputy|writer|line)_id$`)

// Columns that have such a name and hold something else, or are of the merges themselves.
var namesOther = map[string]string{
	"project.withdrawn_by":    "a batch",
	"decision.superseded_by":  "a decision",
	"past_gate.ended_by":      "a batch",
	"person_merged.person_id": "what was merged is told by its number",
}

// TestEveryColumnOfPeopleIsAPlace holds the places of the features to the columns
// of the database: a new column cannot be forgotten by a merge.
func TestEveryColumnOfPeopleIsAPlace(t *testing.T) {
	eachOffice(t, func(t *testing.T, _ context.Context, o *office) {
		places := map[string]privacy.Place{}
		for _, p := range o.People.Places() {
			at := p.Table + "." + p.Column
			if _, twice := places[at]; twice && p.When == "" {
				t.Errorf("%s is told twice", at)
			}
			places[at] = p
		}
		columns := map[string]bool{}
		for table, list := range everyColumn(t, o) {
			for _, c := range list {
				at := table + "." + c
				columns[at] = true
				if _, told := places[at]; told || !namesPeople.MatchString(c) || namesOther[at] != "" {
					continue
				}
				t.Errorf("no feature says what a merge of two people does with %s", at)
			}
		}
		rows := privacyRows(t)
		for at, p := range places {
			if !columns[at] {
				t.Errorf("%s is a place and no column", at)
			}
			if rows[p.Data] == "" {
				t.Errorf("%s is of %q, which docs/privacy.md does not have", at, p.Data)
			}
		}
		stays := staysIn(t) // where an erased person's number stays, people's numbers are
		for at := range stays {
			if _, told := places[at]; !told && !strings.HasPrefix(at, "person") && at != "activity_payload.payload" {
				t.Errorf("docs/privacy.md says that %s holds a number, and no feature what a merge does with it", at)
			}
		}
	})
}

// counts says how often a person is named in each place, under any of their numbers.
func counts(t *testing.T, o *office, person string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, p := range o.People.Places() {
		if p.Does == privacy.Own {
			continue
		}
		is := `(c = $1 OR c IN (SELECT m.person_id FROM v_merged m WHERE m.into_id = $1))`
		if p.Does == privacy.ByHand {
			is = `c LIKE '%' || $1 || '%'`
		}
		n, err := privacy.Count(context.Background(), o.Store.Read, `SELECT COUNT(*) FROM (SELECT `+p.Column+` AS c FROM `+p.Table+`) x WHERE `+is, person)
		check(t, err)
		out[p.Table+"."+p.Column] = n
	}
	return out
}

func sum(a, b map[string]int) map[string]int {
	out := maps.Clone(a)
	for k, n := range b {
		out[k] += n
	}
	return out
}

// differ names the places where two counts differ, but for those of the record
// itself, which grows with each merge, and some others.
func differ(want, got map[string]int, but ...string) (out []string) {
	for k, n := range want {
		if got[k] != n && !slices.Contains(but, k) && k != "activity.subject_id" {
			out = append(out, fmt.Sprintf("%s is %d and was %d", k, got[k], n))
		}
	}
	slices.Sort(out)
	return out
}

// withoutAccount leaves of a person what their work left, as if they had been
// named by others all along.
func withoutAccount(t *testing.T, o *office, person string) {
	t.Helper()
	ctx, own := context.Background(), authz.Actor{Person: person, Role: authz.Member}
	pairs, err := o.Opposites.Profile(ctx, own)
	check(t, err)
	for _, r := range pairs.Rounds { // requests to colleagues hang on them
		check(t, o.Opposites.Remove(ctx, own, r.ID))
	}
	for _, p := range o.People.Places() {
		if p.Does != privacy.Own {
			continue
		}
		if _, err := o.Store.Write.Exec(`DELETE FROM `+p.Table+` WHERE `+p.Column+` = $1`, person); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNothingOfTwoMergedPeopleIsLost(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		her := live(t, ctx, o)
		refused, err := o.People.PreviewMerge(ctx, o.head, o.manager.Person, her.Person)
		check(t, err)
		if refused.Refused == "" {
			t.Error("two accounts can be merged")
		}
		withoutAccount(t, o, her.Person)
		stays, err := o.People.AddPerson(ctx, o.head, identity.Person{Name: "W. Quisling-Prott"})
		check(t, err)
		me := authz.Actor{Person: stays.ID, Role: authz.Member}
		o.assign(t, o.project, me, portfolio.Support, "2025-05-01")
		check(t, o.Career.TurnOn(ctx, me))
		check(t, o.CatchUp(ctx))
		before := must(o.Career.Standing(ctx, me))
		mine, hers := counts(t, o, me.Person), counts(t, o, her.Person)

		for _, who := range []authz.Actor{o.partner, o.manager} {
			if _, err := o.People.Merge(ctx, who, me.Person, her.Person); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s merges: %v", who.Role, err)
			}
		}
		id, err := o.People.Merge(ctx, o.head, me.Person, her.Person)
		check(t, err)
		check(t, o.CatchUp(ctx))
		if d := differ(sum(mine, hers), counts(t, o, me.Person)); len(d) > 0 {
			t.Errorf("after the merge: %s", strings.Join(d, "; "))
		}
		stay := map[string]bool{"person.id": true, "person_merged.person_id": true, "activity_payload.payload": true, "decision.person_id": true}
		for _, p := range o.People.Places() {
			stay[p.Table+"."+p.Column] = stay[p.Table+"."+p.Column] || p.Does == privacy.Stays
		}
		for _, at := range find(t, o, her.Person) {
			if !stay[at] {
				t.Errorf("the number that went is still in %s", at)
			}
		}
		whole := must(o.Career.Standing(ctx, me))
		if kinds(whole.Items)["project.managed"] != 1 || kinds(whole.Items)["report.submitted"] != 1 || len(whole.Items) <= len(before.Items) {
			t.Errorf("the standing counts %v, before the merge %v", kinds(whole.Items), kinds(before.Items))
		}
		check(t, o.Unit.Rewind(ctx, "career"))
		check(t, o.CatchUp(ctx))
		if again := must(o.Career.Standing(ctx, me)); !maps.Equal(kinds(again.Items), kinds(whole.Items)) {
			t.Errorf("derived anew the standing counts %v, it was %v", kinds(again.Items), kinds(whole.Items))
		}
		if p := must(o.People.Person(ctx, o.other, her.Person)); p.ID != me.Person || p.Email != erasedMail {
			t.Errorf("under the number that went there is %+v", p)
		}
		_, _, err = o.People.Unmerge(ctx, o.adm, id)
		check(t, err)
		check(t, o.CatchUp(ctx))
		if d := append(differ(mine, counts(t, o, me.Person)), differ(hers, counts(t, o, her.Person))...); len(d) > 0 {
			t.Errorf("after the undo: %s", strings.Join(d, "; "))
		}
		if back := must(o.Career.Standing(ctx, me)); !maps.Equal(kinds(back.Items), kinds(before.Items)) {
			t.Errorf("after the undo the standing counts %v, it was %v", kinds(back.Items), kinds(before.Items))
		}
		if p := must(o.People.Person(ctx, o.other, her.Person)); p.Name != erasedName || p.Email != erasedMail || p.JobTitle == "" {
			t.Errorf("after the undo she is %+v", p)
		}
		if _, _, err := o.People.Unmerge(ctx, o.adm, id); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		if _, err := activity.Verify(ctx, o.Store.Read, nil); err != nil {
			t.Error(err)
		}
	})
}

// TestErasingAMergedPersonErasesBoth: nothing of either name is left.
func TestErasingAMergedPersonErasesBoth(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		her := live(t, ctx, o)
		withoutAccount(t, o, her.Person)
		p, err := o.People.AddPerson(ctx, o.head, identity.Person{Name: "Mina Prott", Email: "mina@example.org"})
		check(t, err)
		_, err = o.People.Merge(ctx, o.head, p.ID, her.Person)
		check(t, err)
		check(t, o.People.Erase(ctx, o.adm, p.ID, identity.RemoveWords, "Mina Prott"))
		for _, words := range []string{erasedName, "Wilhelmina", erasedMail, "Mina Prott", "mina@", "Keeper of the sluices", "tallow"} {
			if places := find(t, o, words); len(places) > 0 {
				t.Errorf("%q is still in %v", words, places)
			}
		}
		stays := staysIn(t)
		for _, id := range []string{p.ID, her.Person} {
			for _, place := range find(t, o, id) {
				if !stays[place] {
					t.Errorf("the id is in %s, which docs/privacy.md does not say", place)
				}
			}
		}
	})
}

func kinds(items []career.Item) map[string]int {
	out := map[string]int{}
	for _, it := range items {
		out[it.Kind]++
	}
	return out
}

// must gives a value of the work, whose errors end the test.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestMergesAddUp merges and undoes in any order after random work of three
// people: of everything the one has what the two had, and after the undo each has
// their own again.
func TestMergesAddUp(t *testing.T) {
	eachOffice(t, func(t *testing.T, ctx context.Context, o *office) {
		owner, err := o.Portfolio.DefineField(ctx, o.head, portfolio.Definition{FieldInfo: portfolio.FieldInfo{Label: "Owner of the benefit", Type: portfolio.PersonRef}})
		check(t, err)
		round := 0
		rapid.Check(t, func(r *rapid.T) {
			if round++; round > 12 {
				return // each is a life of three people; the databases are real
			}
			var who []authz.Actor
			for i := range 3 {
				p, err := o.People.AddPerson(ctx, o.head, identity.Person{Name: fmt.Sprintf("Nobody %d %d", round, i)})
				check(t, err)
				who = append(who, authz.Actor{Person: p.ID, Role: authz.PMOMember})
			}
			projects := []string{o.add(t, fmt.Sprintf("Weir %d", round), false), o.add(t, fmt.Sprintf("Lock %d", round), true)}
			for range rapid.IntRange(3, 14).Draw(r, "things") {
				happens(t, ctx, o, r, projects, who, owner.Field)
			}
			a, b, c := who[0].Person, who[1].Person, who[2].Person
			na, nb, nc := counts(t, o, a), counts(t, o, b), counts(t, o, c)
			texts := spoken(o, na, nb, nc)
			first, err := o.People.Merge(ctx, o.head, b, c)
			check(t, err)
			second, err := o.People.Merge(ctx, o.head, a, b)
			check(t, err)
			if d := differ(sum(sum(na, nb), nc), counts(t, o, a)); len(d) > 0 {
				r.Fatalf("after both merges: %s", strings.Join(d, "; "))
			}
			if _, _, err := o.People.Unmerge(ctx, o.head, first); !errs.Is(err, errs.Conflict) {
				r.Fatalf("the inner merge was undone first: %v", err)
			}
			_, _, err = o.People.Unmerge(ctx, o.head, second)
			check(t, err)
			if d := append(differ(na, counts(t, o, a), texts...), differ(sum(nb, nc), counts(t, o, b), texts...)...); len(d) > 0 {
				r.Fatalf("after the undo of the second: %s", strings.Join(d, "; "))
			}
			if p := must(o.People.Person(ctx, o.head, c)); p.ID != b {
				r.Fatalf("who was merged into the second is %s", p.Name)
			}
			_, _, err = o.People.Unmerge(ctx, o.head, first)
			check(t, err)
			if d := append(differ(nb, counts(t, o, b), texts...), differ(nc, counts(t, o, c), texts...)...); len(d) > 0 {
				r.Fatalf("after the undo of the first: %s", strings.Join(d, "; "))
			}
		})
	})
}

// spoken are the texts that name people. One that named two of them keeps the name
// that it has when the two are two again.
func spoken(o *office, all ...map[string]int) (texts []string) {
	n := 0
	for _, one := range all {
		n += min(one["project_statement.facts"], 1)
	}
	if n < 2 {
		return nil
	}
	for _, p := range o.People.Places() {
		if p.Does == privacy.ByHand {
			texts = append(texts, p.Table+"."+p.Column)
		}
	}
	return texts
}

// happens does one random thing of the work of some people.
func happens(t *testing.T, ctx context.Context, o *office, r *rapid.T, projects []string, who []authz.Actor, owner portfolio.Field) {
	t.Helper()
	project, one := rapid.SampledFrom(projects).Draw(r, "project"), rapid.SampledFrom(who).Draw(r, "who")
	var err error
	switch rapid.SampledFrom([]string{"assign", "role", "action", "raise", "hand over", "field"}).Draw(r, "what") {
	case "assign":
		_, err = o.Portfolio.Assign(ctx, o.head, portfolio.Assignment{Project: project, Person: one.Person, Kind: portfolio.Support, From: clock.Day("2025-02-01")})
	case "role":
		tree := must(o.Portfolio.Tree(ctx, o.head))
		_, err = o.Portfolio.GiveRole(ctx, o.head, portfolio.HeldRole{Node: tree.Portfolios[0].ID, Person: one.Person, Role: authz.Viewer})
	case "action":
		_, err = o.Raid.Raise(ctx, o.head, raid.Action{Title: "Dredge", Project: project, Owner: one.Person, Due: "2026-05-01"})
	case "hand over":
		var a raid.Action
		if a, err = o.Raid.Raise(ctx, o.head, raid.Action{Title: "Paint", Project: project, Owner: o.head.Person, Due: "2026-05-01"}); err == nil {
			err = o.Raid.HandOver(ctx, o.head, a.ID, 1, one.Person, "they know how")
		}
	case "field":
		d := must(o.Portfolio.Project(ctx, o.head, project, portfolio.When{}))
		err = o.Portfolio.ChangeProject(ctx, o.head, project, d.Version, o.Portfolio.Today(), portfolio.Facts{owner: portfolio.Value{Text: one.Person}})
	case "raise":
		_, err = o.Raid.Raise(ctx, authz.Actor{Person: one.Person, Role: authz.HeadOfPMO}, raid.Action{Title: "Grease", Project: project, Owner: o.head.Person, Due: "2026-05-01"})
	}
	if err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
		t.Fatal(err)
	}
}
