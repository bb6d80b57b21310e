package cpd

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/privacy"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// plain writes a table as text, for a test.
type plain struct{}

func (plain) Write(format string, sheets ...Sheet) ([]byte, string, error) {
	var b strings.Builder
	for _, s := range sheets {
		fmt.Fprintln(&b, format, s.Title, strings.Join(s.Header, "|"))
		for _, r := range s.Rows {
			for _, c := range r {
				fmt.Fprint(&b, c.Text, "|")
			}
			fmt.Fprintln(&b)
		}
	}
	return []byte(b.String()), "text/plain", nil
}

type world struct {
	*Service
	db    *sqldb.DB
	clock *clock.Manual
	me    authz.Actor
	other authz.Actor
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	c := clock.NewManual(kittest.Noon, 1)
	rules := append([]authz.Rule{{Action: "test.happen", Says: "x", Roles: authz.SignedInRoles}}, Rules...)
	w := &world{Service: NewService(work.New(db, c.Source, authz.NewPolicy(rules), time.UTC), plain{}), db: db, clock: c}
	for _, id := range []string{"me", "you"} {
		run(t, db, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ('`+id+`', 'P `+id+`', 'p `+id+`', '', '', '', '', '', 1)`)
	}
	w.me, w.other = authz.Actor{Person: "me", Role: authz.PMOMember}, authz.Actor{Person: "you", Role: authz.Administrator}
	return w
}

func run(t testing.TB, db *sqldb.DB, query string) {
	t.Helper()
	if _, err := db.Write.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, what string, err error, k errs.Kind, fields ...string) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
	for i, f := range errs.FieldsOf(err) {
		if i < len(fields) && f.Name != fields[i] {
			t.Errorf("%s: at %q, want %q", what, f.Name, fields[i])
		}
	}
}

func course(day string, hours int, places map[string]string) Entry {
	return Entry{From: day, To: day, Minutes: hours * 60, Title: "Course", Reflection: "Much.", Places: places}
}

func TestAYearFromNothingToComplete(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		year, err := w.Follow(ctx, w.me, "yearly_hours", "2025-04-01")
		must(t, err)
		if year.To != "2026-03-31" {
			t.Fatalf("%+v", year)
		}
		for i, hours := range []int{10, 10, 14} {
			_, err := w.Add(ctx, w.me, course(fmt.Sprintf("2025-1%d-02", i), hours, map[string]string{"yearly_hours": "learning"}))
			must(t, err)
		}
		due, err := w.Reminders(ctx, w.me)
		if err != nil || len(due) != 1 || due[0].Missing() != 60 || due[0].DaysLeft != 15 || !due[0].StatementMissing {
			t.Fatalf("%+v, %v", due, err)
		}
		_, err = w.Add(ctx, w.me, course("2026-03-16", 1, map[string]string{"yearly_hours": "sharing"}))
		must(t, err)
		set := Settings{To: year.To, Target: 35, AtLeastActivities: 3, Statement: "A good year."}
		must(t, w.Set(ctx, w.me, year.ID, year.Version, set))
		is(t, "a stale version", w.Set(ctx, w.me, year.ID, year.Version, set), errs.Conflict)
		l, err := w.Log(ctx, w.me, "", "")
		if err != nil || len(l.Entries) != 4 || !l.Periods[0].Complete || l.Periods[0].Reminding || !l.CareerOff {
			t.Fatalf("%+v, %v", l, err)
		}
		w.clock.Advance(24 * time.Hour)
		next, err := w.Follow(ctx, w.me, "yearly_hours", "2026-04-01")
		must(t, err)
		must(t, w.Leave(ctx, w.me, next.ID))
		f, err := w.Export(ctx, w.me, year.ID, "csv")
		if want := "csv Yearly hours with reflection From|To|Activity|Provider|Hours|Category|Side|Reflection|Proof|Where from\n2025-10-02|2025-10-02|Course||10|Learning from others||Much.||own word|\n"; err != nil || !strings.HasPrefix(string(f.Content), want) || f.Name != "cpd-yearly-hours-2025-04-01.csv" {
			t.Errorf("%s\n%s%v", f.Name, f.Content, err)
		}
	})
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		year, err := w.Follow(ctx, w.me, "yearly_hours", "2026-01-01")
		must(t, err)
		_, err = w.Follow(ctx, w.me, "yearly_hours", "2026-12-31")
		is(t, "overlapping", err, errs.Invalid, "from")
		_, err = w.Follow(ctx, w.me, "knitting", "2026")
		is(t, "no scheme", err, errs.Invalid, "scheme", "from")
		good := course("2026-03-01", 1, map[string]string{"yearly_hours": "learning"})
		for what, try := range map[string]struct {
			change func(*Entry)
			field  string
		}{
			"hours below zero": {func(e *Entry) { e.Minutes = -60 }, "hours"},
			"no hours":         {func(e *Entry) { e.Minutes = 0 }, "hours"},
			"ten minutes":      {func(e *Entry) { e.Minutes = 10 }, "hours"},
			"too many hours":   {func(e *Entry) { e.Minutes = 401 * 60 }, "hours"},
			"dates reversed":   {func(e *Entry) { e.To = "2026-02-01" }, "to"},
			"in the future":    {func(e *Entry) { e.To = "2026-03-17" }, "to"},
			"no date":          {func(e *Entry) { e.From = "30 Feb" }, "from"},
			"no title":         {func(e *Entry) { e.Title = "" }, "title"},
			"long words":       {func(e *Entry) { e.Reflection = strings.Repeat("x", 6001) }, "reflection"},
			"no such place":    {func(e *Entry) { e.Places = map[string]string{"yearly_hours": "sleeping"} }, "in_yearly_hours"},
			"not proposed":     {func(e *Entry) { e.Source = "case.concluded/1" }, "source"},
		} {
			e := good
			try.change(&e)
			_, err := w.Add(ctx, w.me, e)
			is(t, what, err, errs.Invalid, try.field)
		}
		for what, set := range map[string]Settings{
			"to":                  {To: "2025-12-31", Target: 35},
			"target":              {To: year.To, Target: -1},
			"max_learning":        {To: year.To, Target: 35, Limits: map[string]Limit{"learning": {10, 5}}},
			"limits":              {To: year.To, Target: 35, Limits: map[string]Limit{"sleeping": {}}},
			"at_least_activities": {To: year.To, Target: 35, AtLeastActivities: -3},
			"statement":           {To: year.To, Target: 35, Statement: strings.Repeat("x", 6001)},
			"min_learning":        {To: year.To, Target: 35, Limits: map[string]Limit{"learning": {-1, 0}}},
		} {
			is(t, what, w.Set(ctx, w.me, year.ID, 1, set), errs.Invalid, what)
		}
		_, err = w.Export(ctx, w.me, year.ID, "pdf")
		is(t, "no such format", err, errs.Invalid, "format")
		if l, err := w.Log(ctx, w.me, "", ""); err != nil || len(l.Entries) != 0 || len(l.Periods) != 1 {
			t.Errorf("something was kept: %+v, %v", l, err)
		}
	})
}

func TestALogIsItsOwnersAlone(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		year, err := w.Follow(ctx, w.me, "yearly_hours", "2026-01-01")
		must(t, err)
		e, err := w.Add(ctx, w.me, course("2026-03-01", 1, nil))
		must(t, err)
		_, readErr := w.Entry(ctx, w.other, e.ID)
		_, fileErr := w.Export(ctx, w.other, year.ID, "csv")
		for what, err := range map[string]error{
			"read": readErr, "file": fileErr, "change": w.Change(ctx, w.other, e), "remove": w.Remove(ctx, w.other, e.ID),
			"set": w.Set(ctx, w.other, year.ID, 1, Settings{}), "leave": w.Leave(ctx, w.other, year.ID),
		} {
			is(t, what, err, errs.NotFound)
		}
		if l, err := w.Log(ctx, w.other, "", ""); err != nil || len(l.Entries)+len(l.Periods) != 0 {
			t.Errorf("%+v, %v", l, err)
		}
		entries, err := activity.After(ctx, db.Read, 0, 10)
		if err != nil || len(entries) != 2 || entries[1].Audience != "me" {
			t.Errorf("%+v, %v", entries, err)
		}
		must(t, w.Remove(ctx, w.me, e.ID))
	})
}

// happened is an entry of the record of somebody else's feature.
type happened struct{ verb, subject, who, role string }

func (h happened) Activity() activity.Meta {
	return activity.Meta{Verb: h.verb, Version: 1, SubjectKind: "x", SubjectID: h.subject, Participants: []activity.Participant{{Person: h.who, Role: activity.RoleInWork(h.role)}}}
}

func TestTheRecordProposesAndThePersonDecides(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		must(t, w.unit.Do(ctx, w.me, func(ctx context.Context, tx *work.Tx) error {
			for _, h := range []happened{
				{"deputising.confirmed", "m1", "me", "deputised"},
				{"case.concluded", "c1", "me", "led"},
				{"answer.helpful", "a1", "me", "contributed"},
				{"answer.helpful", "a1", "me", "contributed"},
				{"case.concluded", "c2", "you", "led"},
				{"case.published", "c1", "me", "led"},
				{"assignment.made", "x1", "me", "supported"},
			} {
				tx.Record(h)
			}
			return tx.May(ctx, "test.happen", authz.Instance)
		}))
		if l, err := w.Log(ctx, w.me, "", ""); err != nil || !l.CareerOff || l.Proposals != nil {
			t.Fatalf("with the career off: %+v, %v", l, err)
		}
		run(t, db, `INSERT INTO career_choice (person_id, since) VALUES ('me', 1)`)
		got := func() (out []string) {
			l, err := w.Log(ctx, w.me, "", "")
			must(t, err)
			for _, p := range l.Proposals {
				out = append(out, p.Source+" "+p.On+" "+p.Href)
			}
			return out
		}
		want := []string{"answer.helpful/a1 2026-03-16 ", "case.concluded/c1 2026-03-16 /cases/c1", "deputising.confirmed/m1 2026-03-16 /meetings/m1"}
		if d := cmp.Diff(want, got()); d != "" {
			t.Fatal(d)
		}
		// What happened before a period began counts in the one before it, and is still proposed.
		w.clock.Advance(24 * time.Hour)
		next, err := w.Follow(ctx, w.me, "yearly_hours", w.Today())
		must(t, err)
		if d := cmp.Diff(want, got()); d != "" {
			t.Error(d)
		}
		must(t, w.Leave(ctx, w.me, next.ID))
		// A year ends at the organisation's midnight: what happened there counts by its day.
		w.unit.ZoneFrom(func() *time.Location { return time.FixedZone("", 13*60*60) })
		if p, err := w.Proposal(ctx, w.me, "case.concluded/c1"); err != nil || p.On != "2026-03-17" || !strings.Contains(got()[0], p.On) {
			t.Errorf("thirteen hours further east it was on %s: %v, %v", p.On, got(), err)
		}
		w.unit.ZoneFrom(func() *time.Location { return time.UTC })
		must(t, w.Drop(ctx, w.me, "answer.helpful/a1"))
		is(t, "somebody else's", w.Drop(ctx, w.me, "case.concluded/c2"), errs.Invalid)
		p, err := w.Proposal(ctx, w.me, "case.concluded/c1")
		must(t, err)
		if p.Words != "Concluded a case and said how it went" {
			t.Error(p.Words)
		}
		e := course(p.On, 2, map[string]string{"yearly_hours": "sharing"})
		e.Source = p.Source
		e, err = w.Add(ctx, w.me, e)
		must(t, err)
		_, err = w.Add(ctx, w.me, e)
		is(t, "twice", err, errs.Invalid, "source")
		if d := cmp.Diff(want[2:], got()); d != "" {
			t.Fatal(d)
		}
		must(t, w.Remove(ctx, w.me, e.ID))
		if d := cmp.Diff(want[1:], got()); d != "" {
			t.Fatal(d)
		}
		must(t, w.unit.Do(ctx, w.me, func(ctx context.Context, tx *work.Tx) error {
			tx.Record(Logged{"me", "cpd.entry_removed"})
			must(t, tx.May(ctx, Own, authz.Of("me")))
			return w.EraseIn(ctx, tx, privacy.Subject{ID: "me"})
		}))
		if n, err := privacy.Count(ctx, db.Read, `SELECT (SELECT COUNT(*) FROM cpd_entry) + (SELECT COUNT(*) FROM cpd_dropped) + (SELECT COUNT(*) FROM cpd_cycle)`); err != nil || n != 0 {
			t.Errorf("%d rows are left, %v", n, err)
		}
	})
}

// Sessions, events and courses are entered once, as own evidence, and proposed to the
// log from there with their hours, in the words that may leave.
func TestOwnEvidenceIsProposedToTheLog(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for _, e := range []struct{ id, who, kind, from, to, leaves, hours string }{
			{"s1", "me", "session.given", "2026-03-02", "2026-03-02", "", "3"},
			{"s2", "me", "course.completed", "2026-01-05", "2026-02-06", "A course on benefits", "400"},
			{"s3", "me", "project.managed", "2026-01-05", "2026-02-06", "", "9"},
			{"s4", "you", "session.given", "2026-03-03", "2026-03-03", "", "2"},
			{"s5", "me", "event.attended", "2019-03-03", "2019-03-03", "", "2"},
		} {
			run(t, db, `INSERT INTO career_entry (id, person_id, kind, work_role, words, from_on, to_on, project_name, tier, is_finished, is_outside, pieces, hours, projects, people, bodies, about, leaves, hides, version)
				VALUES ('`+e.id+`', '`+e.who+`', '`+e.kind+`', 'led', 'For Secret Client', '`+e.from+`', '`+e.to+`', '', '', FALSE, FALSE, 1, `+e.hours+`, 0, 0, 0, '', '`+e.leaves+`', '', 1)`)
		}
		if l, err := w.Log(ctx, w.me, "", ""); err != nil || len(l.Proposals) != 0 {
			t.Fatalf("with the career off: %+v, %v", l.Proposals, err)
		}
		run(t, db, `INSERT INTO career_choice (person_id, since) VALUES ('me', 1)`)
		l, err := w.Log(ctx, w.me, "", "")
		must(t, err)
		want := []Proposal{
			{Source: "evidence.entered/s1", Kind: "session.given", Title: "Gave a session", Words: "Gave a session", On: "2026-03-02", Href: "/career/entries/s1", Minutes: 180},
			{Source: "evidence.entered/s2", Kind: "course.completed", Title: "Completed a course: A course on benefits", Words: "A course on benefits", On: "2026-02-06", Href: "/career/entries/s2", Minutes: maxMinutes},
		}
		if d := cmp.Diff(want, l.Proposals); d != "" {
			t.Fatal(d)
		}
		p, err := w.Proposal(ctx, w.me, want[0].Source)
		must(t, err)
		e := course(p.On, p.Minutes/60, map[string]string{"yearly_hours": "sharing"})
		e.Source = p.Source
		_, err = w.Add(ctx, w.me, e)
		must(t, err)
		must(t, w.Drop(ctx, w.me, want[1].Source))
		is(t, "somebody else's", w.Drop(ctx, w.me, "evidence.entered/s4"), errs.Invalid)
		if l, err = w.Log(ctx, w.me, "", ""); err != nil || len(l.Proposals) != 0 {
			t.Errorf("after both were answered: %+v, %v", l.Proposals, err)
		}
	})
}

func TestPagesOfTheLogMeet(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for i := range PageSize + 7 {
			_, err := w.Add(ctx, w.me, course(fmt.Sprintf("2026-01-%02d", 1+i%28), 1, nil))
			must(t, err)
		}
		first, err := w.Log(ctx, w.me, "", "")
		must(t, err)
		last := first.Entries[PageSize-1]
		second, err := w.Log(ctx, w.me, last.To, last.ID)
		must(t, err)
		seen := map[string]bool{}
		for _, e := range append(first.Entries, second.Entries...) {
			seen[e.ID] = true
		}
		if len(seen) != PageSize+7 || !first.More || second.More {
			t.Errorf("%d of %d", len(seen), PageSize+7)
		}
	})
}

// TestCountingHasItsLaws draws entries for both schemes: what counts is never above
// what was logged nor above a limit; one entry more never makes it less and never
// more than its own time; the order does not matter.
func TestCountingHasItsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(Schemes()).Draw(t, "scheme")
		c := Cycle{ID: "c", Scheme: s, From: "2024-01-01", To: s.end("2024-01-01")}
		entry := rapid.Custom(func(t *rapid.T) Entry {
			e := course(clock.AddDays("2023-12-25", rapid.IntRange(0, 1200).Draw(t, "day")), 0, map[string]string{})
			e.Minutes = Quarter * rapid.IntRange(1, 160).Draw(t, "quarters")
			if p := rapid.SampledFrom(append(s.Places(), Place{})).Draw(t, "place"); p.ID != "" {
				e.Places[s.ID] = p.ID
			}
			return e
		})
		list := rapid.SliceOfN(entry, 1, 25).Draw(t, "entries")
		all, less := measure(c, list, "2024-06-01"), measure(c, list[1:], "2024-06-01")
		if d := cmp.Diff(all, measure(c, rapid.Permutation(list).Draw(t, "order"), "2024-06-01")); d != "" {
			t.Fatalf("the order matters:\n%s", d)
		}
		if more := all.Counted - less.Counted; more < 0 || more > list[0].Minutes {
			t.Fatalf("an entry of %d minutes adds %d", list[0].Minutes, more)
		}
		logged := 0
		for _, e := range list {
			logged += e.Minutes
		}
		if all.Counted > logged {
			t.Fatalf("%d minutes count of %d", all.Counted, logged)
		}
		for _, l := range all.Lines {
			if l.Lost() < 0 || l.Maximum > 0 && l.Counted > l.Maximum {
				t.Fatalf("%+v", l)
			}
		}
		if s.ID == "three_year_units" && all.Complete && all.Counted < 60*60 {
			t.Fatalf("complete with %d minutes", all.Counted)
		}
	})
}

func TestUnitsOfThreeYears(t *testing.T) {
	s := Schemes()[1]
	c := Cycle{ID: "c", Scheme: s, From: "2024-01-31", To: s.end("2024-01-31")}
	in := func(place string, hours int) Entry {
		return course("2025-01-01", hours, map[string]string{s.ID: place})
	}
	p := measure(c, []Entry{
		in("education/ways_of_delivering", 20), in("education/people_side", 7), in("education/business_side", 8), in("giving_back", 20), in("working", 12),
	}, "2026-01-30")
	if c.To != "2027-01-30" || p.Counted != 60*60 || p.Complete || p.Lines[2].Short() != 60 || !p.Reminding {
		t.Errorf("to %s: %+v", c.To, p)
	}
	if p := measure(c, nil, "2026-01-29"); p.Reminding {
		t.Error("reminded too early")
	}
}

// The sheet of a period has each category and side of its scheme with its totals, and
// the whole against the target, in both schemes.
func TestTheSheetOfAPeriodHasItsTotals(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		year, err := w.Follow(ctx, w.me, "yearly_hours", "2026-01-01")
		must(t, err)
		three, err := w.Follow(ctx, w.me, "three_year_units", "2026-01-01")
		must(t, err)
		for _, e := range []Entry{
			course("2026-02-01", 12, map[string]string{"yearly_hours": "learning", "three_year_units": "education/people_side"}),
			course("2026-02-02", 10, map[string]string{"yearly_hours": "sharing", "three_year_units": "working"}),
		} {
			_, err := w.Add(ctx, w.me, e)
			must(t, err)
		}
		for _, c := range []struct {
			period string
			want   []string
		}{
			{year.ID, []string{
				"xlsx Totals Category|Side|Done, hours|Counted, hours|At least|At most|Missing, hours|Note", "Learning from others||12|12|||0||", "Passing on||10|10|||0||",
				"Target|||22|35||13|2026-01-01 to 2026-12-31|", "Activities||2||3||1||", "Look back at the period",
			}},
			{three.ID, []string{
				"Education||12|12|35||23||", "Education|People|12|12|8||0|counted in its category|", "Education|Business|0|0|8||8|counted in its category|",
				"Working in the field||10|8||8|0|counted in Giving back; 2 above the most do not count|", "Giving back||8|8||25|0||", "Target|||20|60||40|2026-01-01 to 2028-12-31|",
			}},
		} {
			f, err := w.Export(ctx, w.me, c.period, "xlsx")
			must(t, err)
			for _, line := range c.want {
				if !strings.Contains(string(f.Content), line) {
					t.Errorf("no %q in\n%s", line, f.Content)
				}
			}
		}
	})
}

func TestHoursAreReadAndWritten(t *testing.T) {
	for text, want := range map[string]int{"1": 60, "1.5": 90, "0,75": 45, " 2.25 ": 135, "-1": -60, "10.50": 630, "1.500": 90} {
		if got, ok := ReadHours(text); !ok || got != want {
			t.Errorf("%q is %d, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", "x", "1.5.2", "1h", "0.01", "1e3", "99999999999999999999"} {
		if got, ok := ReadHours(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
	if Hours(135) != "2.25" || Hours(-60) != "−1" || Hours(0) != "0" {
		t.Error(Hours(135), Hours(-60), Hours(0))
	}
}

func TestTheSchemesAreThoseOfTheFramework(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "career", "framework", "full.yaml"))
	must(t, err)
	var f struct {
		Schemes []Scheme `yaml:"cpd_schemes"`
	}
	must(t, yaml.Unmarshal(text, &f))
	if d := cmp.Diff(f.Schemes, Schemes()); d != "" || len(f.Schemes) < 2 {
		t.Errorf("(-framework +here)\n%s", d)
	}
}
