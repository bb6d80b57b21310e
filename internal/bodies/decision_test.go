package bodies

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

func TestADecisionIsSupersededAndNeverEdited(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		b := w.steering(t)
		asked, err := w.Record(ctx, w.manager, Decision{Title: "A second crew?", State: Asked, Project: "open", Body: b.ID})
		must(t, err)
		if asked.State != Asked || asked.AskedOn != "2026-03-16" {
			t.Errorf("%+v", asked)
		}
		_, err = w.Record(ctx, w.one, Decision{Title: "Mine", Project: "open", Person: "one"})
		is(t, "a member of a body records on a project", err, errs.Forbidden)
		_, err = w.Record(ctx, w.manager, Decision{Title: "By nobody", Project: "open"})
		atField(t, "by nobody", err, "by")
		_, err = w.Record(ctx, w.manager, Decision{Title: "Tomorrow", Project: "open", Person: "one", DecidedOn: "2026-03-17"})
		atField(t, "tomorrow", err, "on")
		taken := Decision{Title: "A second crew", Words: "It buys nine days.", Dissent: "One member would wait.", Owner: "manager", Due: "2026-03-20"}
		is(t, "a stale version", w.Take(ctx, w.chair, asked.ID, 9, taken), errs.Conflict)
		must(t, w.Take(ctx, w.chair, asked.ID, 1, taken))
		is(t, "twice", w.Take(ctx, w.chair, asked.ID, 0, taken), errs.Invalid)
		is(t, "another carries it out", w.CarryOut(ctx, w.two, asked.ID, 0, "done"), errs.Forbidden)
		must(t, w.CarryOut(ctx, w.manager, asked.ID, 0, "the crew is on site"))
		next, err := w.Supersede(ctx, w.chair, asked.ID, 0, Decision{Title: "No second crew"})
		must(t, err)
		_, err = w.Supersede(ctx, w.chair, asked.ID, 0, Decision{Title: "Twice"})
		is(t, "superseded twice", err, errs.Invalid)
		sh, err := w.Decision(ctx, w.stranger, asked.ID)
		if err != nil || sh.State != Superseded || sh.SupersededTitle != "No second crew" || sh.Words != "It buys nine days." || sh.CarriedWords == "" || sh.MayRecord {
			t.Errorf("%+v, %v", sh, err)
		}
		if next.Body != b.ID || next.Project != "open" || next.Supersedes != asked.ID {
			t.Errorf("%+v", next)
		}
		for _, query := range []string{`UPDATE decision SET words = 'x'`, `UPDATE decision SET state = 'asked'`, `DELETE FROM decision`} {
			if _, err := db.Write.Exec(query); err == nil {
				t.Errorf("the database let %s", query)
			}
		}
	})
}

func TestAnotherFeatureDecidesInItsOwnUnit(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		var d Decision
		must(t, w.unit.Do(ctx, w.manager, func(ctx context.Context, tx *work.Tx) (err error) {
			d, err = w.DecideIn(ctx, tx, Decision{Title: "Go", Person: "sponsor", Project: "open", Origin: Origin{Kind: FromGate, ID: "g", Title: "Gate 2", Path: "/gates/g"}})
			return err
		}))
		if got := w.partsIn(t, "decision.taken"); got != "manager supported, sponsor led" {
			t.Errorf("took part: %s", got)
		}
		page, err := w.Decisions(ctx, w.one, DecisionFilter{Origin: FromGate, OriginID: "g"})
		if err != nil || len(page.Decisions) != 1 || page.Decisions[0].ID != d.ID || page.Decisions[0].By() != "P sponsor" {
			t.Errorf("%+v, %v", page.Decisions, err)
		}
		err = w.unit.Do(ctx, w.manager, func(ctx context.Context, tx *work.Tx) error {
			_, err := w.DecideIn(ctx, tx, Decision{Title: "Go", Person: "sponsor", Project: "open", Origin: Origin{Kind: FromGate, Path: "//elsewhere"}})
			return err
		})
		atField(t, "a way back to another site", err, "origin")
	})
}

func TestPagesOfDecisionsAndMeetingsAreTheLists(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		for i := range 23 {
			on := fmt.Sprintf("2026-03-%02d", 1+i%6)
			_, err := w.Record(ctx, w.manager, Decision{Title: fmt.Sprint("Decision ", i), Project: []string{"open", "secret"}[i%2], Person: "manager", DecidedOn: on, Owner: "manager", Due: "2026-03-10"})
			must(t, err)
			_, err = w.Call(ctx, w.manager, Meeting{Project: []string{"open", "secret"}[i%2], Kind: TeamMeeting, On: on, Subject: "Team"})
			must(t, err)
		}
		for who, n := range map[authz.Actor]int{w.manager: 23, w.head: 23, w.stranger: 12} {
			var ids, meetings []string
			for f := (DecisionFilter{Limit: 4}); ; {
				p, err := w.Decisions(ctx, who, f)
				must(t, err)
				if p.Count != n || p.Late != n {
					t.Errorf("%s counts %d, %d late, want %d", who.Person, p.Count, p.Late, n)
				}
				for _, d := range p.Decisions {
					ids = append(ids, d.DecidedOn+d.ID)
				}
				if f.AfterKey, f.AfterID = p.NextKey, p.NextID; p.NextID == "" {
					break
				}
			}
			for f := (MeetingFilter{Limit: 5, Coming: true}); ; {
				p, err := w.Meetings(ctx, who, f)
				must(t, err)
				for _, m := range p.Meetings {
					meetings = append(meetings, m.On+m.ID)
				}
				if f.AfterKey, f.AfterID = p.NextKey, p.NextID; p.NextID == "" {
					break
				}
			}
			slices.Reverse(ids)
			if len(ids) != n || !slices.IsSorted(ids) || len(meetings) != n || !slices.IsSorted(meetings) || len(slices.Compact(ids)) != n {
				t.Errorf("%s: %d decisions, %d meetings, want %d each, sorted", who.Person, len(ids), len(meetings), n)
			}
		}
	})
}
