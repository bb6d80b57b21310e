package career

import (
	"context"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

var leading = framework.Option{ID: "lead", Yields: []framework.Evidence{{Kind: "project.managed", Count: 1}}}

// drawn are people who took a piece of work one after the other, and which of them led.
func drawn(t *rapid.T) (took []Took, led map[string][]stint) {
	led = map[string][]stint{}
	for i := range rapid.IntRange(0, 60).Draw(t, "people") {
		p, on := strconv.Itoa(i), clock.AddDays("2020-01-01", i)
		took = append(took, Took{Person: p, Project: "own", Kind: "project.managed", As: activity.Led, On: on})
		if rapid.Bool().Draw(t, "led") {
			led[p] = []stint{{project: "another", from: clock.AddDays(on, rapid.IntRange(1, 500).Draw(t, "days"))}}
		}
	}
	return took, led
}

// Whatever is said of others has five on each side, and so has whatever it says more
// than what was said when fewer had taken it.
func TestNothingSaidOfOthersIsAboutFewerThanFive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		took, led := drawn(t)
		before := OthersTook{}
		for n := range len(took) + 1 {
			now := sum(together(leading, took[:n], led))
			if now == before {
				continue
			}
			with, all := now.Led-before.Led, now.Of-before.Of
			if with < FewestOthers || all-with < FewestOthers {
				t.Fatalf("with %d people %+v follows %+v", n, now, before)
			}
			before = now
		}
	})
}

// Two options that differ by a few people are not both spoken of, whichever comes first:
// their figures would differ by what those few did.
func TestOptionsThatDifferByAFewAreNotBothSpokenOf(t *testing.T) {
	wider := framework.Option{ID: "wider", Yields: []framework.Evidence{{Kind: "project.managed"}, {Kind: "improvement.delivered"}}}
	same := framework.Option{ID: "same", Yields: leading.Yields}
	apart := framework.Option{ID: "apart", Yields: []framework.Evidence{{Kind: "improvement.delivered"}}}
	took, led := []Took{}, map[string][]stint{}
	add := func(n int, kind string) {
		for range n {
			p, on := strconv.Itoa(len(took)), clock.AddDays("2020-01-01", len(took))
			took = append(took, Took{Person: p, Project: "own", Kind: kind, As: activity.Led, On: on})
			if len(took)%2 == 0 {
				led[p] = []stint{{project: "another", from: clock.AddDays(on, 9)}}
			}
		}
	}
	add(1, "improvement.delivered")
	add(10, "project.managed")
	for _, list := range [][]framework.Option{{leading, wider, same}, {wider, leading, same}} {
		got := spoken(nil, list, took, led)
		if _, both := got[list[1].ID]; both && got[list[0].ID] != got[list[1].ID] {
			t.Errorf("both are spoken of: %+v", got)
		}
		if _, ok := got[list[0].ID]; !ok || list[0].ID == "lead" && got["same"] != got["lead"] {
			t.Errorf("the first is not spoken of, or not the one that is alike: %+v", got)
		}
		if beside := spoken(list[:1], list[1:2], took, led); len(beside) > 0 {
			t.Errorf("beside what is said by the framework in force: %+v", beside)
		}
	}
	add(9, "improvement.delivered")
	if got := spoken(nil, []framework.Option{leading, apart}, took, led); len(got) != 2 {
		t.Errorf("groups that share nobody: %+v", got)
	}
}

func TestWhoLedTheSameProjectOrMuchLaterDidNotGoOnToLead(t *testing.T) {
	took := Took{Person: "p", Project: "own", On: "2024-01-31"}
	for s, want := range map[stint]bool{
		{"own", "2024-02-05"}: false, {"another", "2024-01-31"}: false, {"another", "2024-02-01"}: true,
		{"another", "2025-07-31"}: true, {"another", "2025-08-01"}: false,
	} {
		if got := ledAfter(took, []stint{s}); got != want {
			t.Errorf("%v: %v", s, got)
		}
	}
}

// takes is a list of what was taken.
type takes []Took

func (l takes) Took(_ context.Context, _ sqldb.Querier, upTo clock.Day) (out []Took, err error) {
	for _, t := range l {
		if t.On <= upTo {
			out = append(out, t)
		}
	}
	return out, nil
}

func TestOthersAreSaidFromOfficialWorkAsAtTheFirstOfTheMonth(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		s := newFrameworks(t, db)
		by := must[*framework.Framework](t)(shipped())
		today := date("2026-03-20")
		var list takes
		for i := range 10 {
			p := "other" + strconv.Itoa(i)
			list = append(list, Took{Person: p, Project: "own", Kind: "project.managed", As: activity.Led, On: "2024-06-0" + strconv.Itoa(i%9+1)})
			for j, project := range []string{"own", "secret", "next"} {
				if project == "next" && i%2 == 0 {
					continue
				}
				led(t, db, p+strconv.Itoa(j), project, p)
			}
		}
		s.TakenFrom(list)
		got := must[map[string]OthersTook](t)(s.othersOf(ctx, member, by, today.Format(time.DateOnly)))
		if x := got["manage_small_project"]; x != (OthersTook{10, 5}) {
			t.Errorf("ten people, of whom five led another: %+v", got)
		}
		if _, said := got["delivery_stint"]; said {
			t.Error("nobody took a stint")
		}
		if words, ok := (Options{others: got}).Others("manage_small_project"); !ok || words == "" {
			t.Errorf("it is not said: %q", words)
		}
		list[9].On = "2024-09-01" // whose 18 months are over in March, but not on its first day
		got = must[map[string]OthersTook](t)(s.othersOf(ctx, member, by, today.Format(time.DateOnly)))
		if len(got) > 0 {
			t.Errorf("nine people: %+v", got)
		}
	})
}

// led puts a person on a project as its manager; the project "secret" is confidential.
func led(t *testing.T, db *sqldb.DB, id, project, person string) {
	t.Helper()
	for _, q := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, 'N', 'n', '', '', '', '', '', 1) ON CONFLICT DO NOTHING`, []any{person}},
		{`INSERT INTO project (id, confidential, vanished_from, version, withdrawn_at) VALUES ($1, FALSE, '', 1, 0) ON CONFLICT DO NOTHING`, []any{project}},
		{`INSERT INTO assignment (id, project_id, person_id, kind, for_person_id, work_role, from_on, to_on, origin, source, version)
			VALUES ($1, $2, $3, 'project_manager', '', 'led', '2025-01-10', '', 'recorded', '', 1)`, []any{id, project, person}},
	} {
		if _, err := db.Write.Exec(q.query, q.args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := authz.PutNode(context.Background(), db.Write, authz.Node{ID: project, Confidential: project == "secret"}); err != nil {
		t.Fatal(err)
	}
}
