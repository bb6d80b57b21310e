package cpd

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// institute is a scheme as somebody could type it.
func institute() Scheme {
	return Scheme{
		Name: "Institute's record", Unit: "PDU", HoursPerUnit: 1, PeriodMonths: 12, Target: 20, KeepProofMonths: 12, RemindMonths: []int{3, 1}, HandInDays: 31,
		Categories: []Category{
			{Name: "Learning", Minimum: 10, Sides: []Side{{Name: "People", Minimum: 4}, {Name: "Business", Minimum: 4}}, FromKinds: []string{"mentoring.received"}},
			{Name: "Giving", Maximum: 10},
		},
	}
}

// A new edition asks of what begins with it, and leaves the totals of the past alone.
func TestANewEditionAltersNoTotalOfThePast(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		old, err := w.Follow(ctx, w.me, "yearly_hours", "2025-01-01")
		must(t, err)
		_, err = w.Add(ctx, w.me, course("2025-03-01", 12, map[string]string{"yearly_hours": "learning"}))
		must(t, err)
		must(t, w.Set(ctx, w.me, old.ID, 1, Settings{To: "2025-12-31", Target: 30}))
		before, err := w.Log(ctx, w.me, "", "")
		must(t, err)

		def := Schemes()[0]
		def.Target, def.Categories = 40, append([]Category{{Name: "Reading", Minimum: 5}}, def.Categories[1:]...)
		s, err := w.SetScheme(ctx, w.other, "yearly_hours", 0, "2026-01-01", def)
		must(t, err)
		if len(s.Editions) != 2 || s.Version != 1 || s.At("2025-12-31").Target != 35 || s.At("2026-01-01").Target != 40 {
			t.Fatalf("%+v", s)
		}
		_, err = w.SetScheme(ctx, w.other, "yearly_hours", 0, "2026-01-01", def)
		is(t, "a stale version", err, errs.Conflict)
		after, err := w.Log(ctx, w.me, "", "")
		must(t, err)
		if d := cmp.Diff(before.Periods, after.Periods); d != "" {
			t.Errorf("the past changed:\n%s", d)
		}
		_, err = w.Add(ctx, w.me, course("2026-03-01", 1, map[string]string{"yearly_hours": "learning"}))
		is(t, "a category of last year", err, errs.Invalid, "in_yearly_hours")
		_, err = w.Add(ctx, w.me, course("2025-04-01", 1, map[string]string{"yearly_hours": "learning"}))
		must(t, err)
		_, err = w.Add(ctx, w.me, course("2026-03-01", 6, map[string]string{"yearly_hours": "reading"}))
		must(t, err)
		now, err := w.Follow(ctx, w.me, "yearly_hours", "2026-01-01")
		must(t, err)
		if now.Scheme.Target != 40 || now.Scheme.Categories[0].ID != "reading" {
			t.Errorf("%+v", now.Scheme)
		}
		must(t, w.Set(ctx, w.me, now.ID, 1, Settings{To: "2026-12-31", Target: 38}))
		if next, err := w.Follow(ctx, w.me, "yearly_hours", "2027-01-01"); err != nil || next.Scheme.Target != 38 {
			t.Errorf("one's own target of the same edition is lost: %+v, %v", next.Scheme, err)
		}
	})
}

func TestASchemeIsTheOfficesOrOnesOwn(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		_, err := w.AddScheme(ctx, w.me, false, "2026-01-01", institute())
		is(t, "for everybody, by a member", err, errs.Forbidden)
		_, err = w.SetScheme(ctx, w.me, "yearly_hours", 0, "2026-01-01", institute())
		is(t, "the office's, by a member", err, errs.Forbidden)
		is(t, "ended by a member", w.EndScheme(ctx, w.me, "yearly_hours", 0, "2026-01-01"), errs.Forbidden)
		own, err := w.AddScheme(ctx, w.me, true, "2026-01-01", institute())
		must(t, err)
		_, err = w.Scheme(ctx, w.other, own.ID)
		is(t, "read by the administrator", err, errs.NotFound)
		_, err = w.SetScheme(ctx, w.other, own.ID, 1, "2026-01-01", institute())
		is(t, "changed by the administrator", err, errs.NotFound)
		is(t, "ended by the administrator", w.EndScheme(ctx, w.other, own.ID, 1, ""), errs.NotFound)
		is(t, "deleted by the administrator", w.RemoveScheme(ctx, w.other, own.ID, 1), errs.NotFound)
		_, err = w.Follow(ctx, w.other, own.ID, "2026-01-01")
		is(t, "kept by the administrator", err, errs.Invalid, "scheme")
		office, err := w.AddScheme(ctx, w.other, false, "2026-01-01", institute())
		must(t, err)

		entries, err := activity.After(ctx, db.Read, 0, 10)
		if err != nil || len(entries) != 2 || entries[0].Audience != "me" || entries[1].Audience != "" || entries[1].SubjectID != office.ID {
			t.Errorf("%+v, %v", entries, err)
		}
		year, err := w.Follow(ctx, w.me, office.ID, "2026-01-01")
		must(t, err)
		is(t, "in use", w.RemoveScheme(ctx, w.other, office.ID, 1), errs.Conflict)
		is(t, "shipped", w.RemoveScheme(ctx, w.other, "yearly_hours", 0), errs.Conflict)
		is(t, "no date", w.EndScheme(ctx, w.other, office.ID, 1, "31 June"), errs.Invalid, "on")
		must(t, w.EndScheme(ctx, w.other, office.ID, 1, "2026-12-31"))
		_, err = w.Follow(ctx, w.me, office.ID, "2027-01-01")
		is(t, "after the end", err, errs.Invalid, "from")
		_, err = w.Add(ctx, w.me, course("2026-03-01", 2, map[string]string{office.ID: "learning/people"}))
		must(t, err)
		if l, err := w.Log(ctx, w.me, "", ""); err != nil || l.Periods[0].Counted != 120 || l.Periods[0].ID != year.ID {
			t.Errorf("%+v, %v", l.Periods, err)
		}
		must(t, w.EndScheme(ctx, w.other, office.ID, 2, ""))
		must(t, w.EndScheme(ctx, w.other, "three_year_units", 0, "2026-01-31"))
		must(t, w.Leave(ctx, w.me, year.ID))
		is(t, "an entry counts in it", w.RemoveScheme(ctx, w.other, office.ID, 3), errs.Conflict)
		must(t, w.RemoveScheme(ctx, w.me, own.ID, 1))

		again, err := w.AddScheme(ctx, w.me, true, "2026-01-01", institute())
		must(t, err)
		must(t, w.unit.Do(ctx, w.me, func(ctx context.Context, tx *work.Tx) error {
			tx.Record(Logged{"me", "cpd.entry_removed"})
			must(t, tx.May(ctx, Own, authz.Of("me")))
			return w.EraseIn(ctx, tx, privacy.Subject{ID: "me"})
		}))
		_, err = w.Scheme(ctx, w.me, again.ID)
		is(t, "erased", err, errs.NotFound)
	})
}

func TestWhatIsWrongWithASchemeIsSaidAtItsField(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for what, try := range map[string]struct {
			change func(*Scheme)
			field  string
		}{
			"no name":              {func(s *Scheme) { s.Name = "" }, "name"},
			"a target below zero":  {func(s *Scheme) { s.Target = -1 }, "target"},
			"no length":            {func(s *Scheme) { s.PeriodMonths = 0 }, "period_months"},
			"no categories":        {func(s *Scheme) { s.Categories = nil }, "categories"},
			"one name twice":       {func(s *Scheme) { s.Categories[1].Name = "learning" }, "name_1"},
			"most below least":     {func(s *Scheme) { s.Categories[0].Maximum = 9 }, "max_0"},
			"sides above the most": {func(s *Scheme) { s.Categories[0].Minimum, s.Categories[0].Maximum = 0, 7 }, "max_0"},
			"out of reach":         {func(s *Scheme) { s.Categories[0].Maximum = 10; s.Target = 21 }, "target"},
			"within itself":        {func(s *Scheme) { s.Categories[0].ID, s.Categories[0].Inside = "a", "a" }, "inside_0"},
			"a ring": {func(s *Scheme) {
				s.Categories[0].ID, s.Categories[0].Inside, s.Categories[1].ID, s.Categories[1].Inside = "a", "b", "b", "a"
			}, "inside_0"},
			"a reminder too early":  {func(s *Scheme) { s.RemindMonths = []int{13} }, "remind_months"},
			"a deadline too late":   {func(s *Scheme) { s.HandInDays = 365 }, "hand_in_days"},
			"a side below zero":     {func(s *Scheme) { s.Categories[0].Sides[0].Minimum = -1 }, "sides_0"},
			"an id that is no id":   {func(s *Scheme) { s.Categories[0].ID = "a/b" }, "name_0"},
			"hours in a unit, none": {func(s *Scheme) { s.HoursPerUnit = -2 }, "hours_per_unit"},
		} {
			s := institute()
			try.change(&s)
			_, err := w.AddScheme(ctx, w.me, true, "2026-01-01", s)
			is(t, what, err, errs.Invalid, try.field)
		}
		_, err := w.AddScheme(ctx, w.me, true, "1 May", institute())
		is(t, "no day", err, errs.Invalid, "from")
		if c, err := w.Catalogue(ctx, w.me); err != nil || len(c.Series) != len(Schemes()) {
			t.Errorf("something was kept: %+v, %v", c, err)
		}
	})
}

// Until its deadline a period can be completed, and is brought to mind.
func TestThereIsADeadlineAfterTheEnd(t *testing.T) {
	s := institute().identified()
	c := Cycle{ID: "c", Scheme: s, From: "2025-01-01", To: s.end("2025-01-01")}
	for day, want := range map[string]bool{"2025-09-29": false, "2025-09-30": true, "2025-12-31": true, "2026-01-31": true, "2026-02-01": false} {
		if got := measure(c, nil, day).Reminding; got != want {
			t.Errorf("on %s: reminding %t", day, got)
		}
	}
	if s.HoursPerUnit = 10; s.Units(90) != "0.15" || s.Units(600) != "1" || s.Units(-300) != "−0.5" || s.Units(6150) != "10.25" {
		t.Error(s.Units(90), s.Units(600), s.Units(-300), s.Units(6150))
	}
}

func TestEachOfAPairIsProposedTheirSide(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		run(t, db, `INSERT INTO mentoring_pair (id, mentor_id, mentee_id, words, every_weeks, state, asked_at, began_on, ended_on, version) VALUES ('p', 'you', 'me', '', 4, 'agreed', 1, '2026-01-01', '', 1)`)
		run(t, db, `INSERT INTO mentoring_meeting (id, pair_id, held_on, minutes, noted_by) VALUES ('m1', 'p', '2026-02-02', 50, 'me'), ('m2', 'p', '2026-03-02', 5, 'me')`)
		run(t, db, `INSERT INTO career_choice (person_id, since) VALUES ('me', 1), ('you', 1)`)
		for who, kind := range map[*authz.Actor]string{&w.me: "mentoring.received", &w.other: "mentoring.given"} {
			l, err := w.Log(ctx, *who, "", "")
			must(t, err)
			var got []string
			for _, p := range l.Proposals {
				got = append(got, strings.Join([]string{p.Source, p.Kind, p.On, Hours(p.Minutes)}, " "))
			}
			if d := cmp.Diff([]string{"mentoring.met/m2 " + kind + " 2026-03-02 0.25", "mentoring.met/m1 " + kind + " 2026-02-02 0.75"}, got); d != "" {
				t.Error(d)
			}
		}
		p, err := w.Proposal(ctx, w.me, "mentoring.met/m1")
		must(t, err)
		e := course(p.On, 1, map[string]string{"yearly_hours": "learning"})
		e.Source = p.Source
		_, err = w.Add(ctx, w.me, e)
		must(t, err)
		_, err = w.Add(ctx, w.me, e)
		is(t, "twice", err, errs.Invalid, "source")
		must(t, w.Drop(ctx, w.me, "mentoring.met/m2"))
		if l, err := w.Log(ctx, w.me, "", ""); err != nil || len(l.Proposals) != 0 {
			t.Errorf("%+v, %v", l.Proposals, err)
		}
		if l, err := w.Log(ctx, w.other, "", ""); err != nil || len(l.Proposals) != 2 {
			t.Errorf("the other one's side went: %+v, %v", l.Proposals, err)
		}
		run(t, db, `DELETE FROM career_choice`)
		if l, err := w.Log(ctx, w.other, "", ""); err != nil || len(l.Proposals) != 0 {
			t.Errorf("with the career off: %+v, %v", l.Proposals, err)
		}
	})
}
