package bodies

import (
	"context"
	"testing"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

func TestABodyHasSeatsForATimeAndTermsForGood(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		b := w.steering(t)
		_, err := w.GiveSeat(ctx, w.head, Seat{Body: b.ID, Person: "one", Kind: Member, From: "2026-05-01"})
		atField(t, "a second seat", err, "person")
		_, err = w.GiveSeat(ctx, w.head, Seat{Body: b.ID, Person: "sponsor", Kind: Chair, From: "2026-05-01"})
		atField(t, "a second chair", err, "seat")
		_, err = w.GiveSeat(ctx, w.one, Seat{Body: b.ID, Person: "sponsor", Kind: Member})
		is(t, "a member gives a seat", err, errs.Forbidden)
		_, err = w.GiveSeat(ctx, w.chair, Seat{Body: b.ID, Person: "sponsor", Kind: Member})
		must(t, err)
		sh, err := w.Body(ctx, w.stranger, b.ID)
		must(t, err)
		if len(sh.Seats) != 5 || sh.Seats[0].Kind != Chair || sh.NodeName != "Rivers" || sh.NodeKind != "programme" || sh.MayChange || sh.MayCall || sh.MayName {
			t.Errorf("%+v", sh)
		}
		for who, want := range map[string]int{"chair": 1, "head": 1, "stranger": 0} {
			page, err := w.Callable(ctx, map[string]authz.Actor{"chair": w.chair, "head": w.head, "stranger": w.stranger}[who])
			if err != nil || len(page.Bodies) != want || page.MayFound != (who == "head") {
				t.Errorf("%s may call meetings of %+v, %v", who, page.Bodies, err)
			}
		}
		ended := sh.Seats[0]
		ended.To = "2026-02-28"
		must(t, w.ChangeSeat(ctx, w.chair, ended))
		is(t, "a stale seat", w.ChangeSeat(ctx, w.head, ended), errs.Conflict)
		is(t, "who was chair changes it", w.ApproveTerms(ctx, w.chair, b.ID, Terms{Words: "x", ApprovedOn: "2026-03-01"}), errs.Forbidden)
		_, err = w.GiveSeat(ctx, w.head, Seat{Body: b.ID, Person: "stranger", Kind: Chair, From: "2026-03-01"})
		must(t, err)
		must(t, w.ApproveTerms(ctx, w.stranger, b.ID, Terms{Words: "Steers rivers and lakes.", ApprovedOn: "2026-03-01"}))
		atField(t, "terms of tomorrow", w.ApproveTerms(ctx, w.head, b.ID, Terms{Words: "x", ApprovedOn: "2026-03-17"}), "approved_on")
		if sh, err = w.Body(ctx, w.head, b.ID); err != nil || len(sh.Terms) != 2 || sh.Terms[0].Number != 2 || sh.Terms[1].Words != "Steers rivers." {
			t.Errorf("terms %+v, %v", sh.Terms, err)
		}
		if _, err := db.Write.Exec(`UPDATE body_terms SET words = 'x'`); err == nil {
			t.Error("approved terms were changed in the database")
		}
		page, err := w.Bodies(ctx, w.stranger, BodyFilter{Node: "open"})
		if err != nil || len(page.Bodies) != 1 || page.Bodies[0].ChairName != "P stranger" || page.Bodies[0].Seats != 5 {
			t.Errorf("bodies above a project %+v, %v", page.Bodies, err)
		}
	})
}

func TestAMemberNamesTheirOwnDeputy(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		b := w.steering(t)
		sh, err := w.Body(ctx, w.one, b.ID)
		must(t, err)
		mine, others := sh.Seats[1], sh.Seats[2]
		d, err := w.NameDeputy(ctx, w.one, b.ID, Deputy{Seat: mine.ID, Person: "stranger", Authority: "up to 50,000"})
		must(t, err)
		_, err = w.NameDeputy(ctx, w.one, b.ID, Deputy{Seat: others.ID, Person: "stranger", Authority: "all"})
		is(t, "a deputy for another member", err, errs.Forbidden)
		_, err = w.NameDeputy(ctx, w.pmo, b.ID, Deputy{Seat: others.ID, Person: others.Person, Authority: "all"})
		atField(t, "a deputy of oneself", err, "deputy")
		_, err = w.NameDeputy(ctx, w.pmo, b.ID, Deputy{Seat: others.ID, Person: "stranger"})
		atField(t, "without authority", err, "authority")
		w.clock.Set(kittest.Noon.AddDate(0, 0, 3))
		must(t, w.EndDeputy(ctx, w.chair, b.ID, mine.ID, d.ID))
		if sh, err = w.Body(ctx, w.one, b.ID); err != nil || len(sh.Seats[1].Deputies) != 1 || sh.Seats[1].Deputies[0].To != "2026-03-18" {
			t.Errorf("%+v, %v", sh.Seats[1], err)
		}
	})
}

func TestWhatGovernsAConfidentialProjectIsNotThere(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		b, err := w.Found(ctx, w.manager, Body{Name: "Secret board", Kind: ProjectBoard, Node: "secret"}, Terms{})
		must(t, err)
		_, err = w.GiveSeat(ctx, w.head, Seat{Body: b.ID, Person: "stranger", Kind: Member})
		atField(t, "a member who does not see the project", err, "person")
		m, err := w.Call(ctx, w.manager, Meeting{Body: b.ID, On: "2026-03-16", Subject: "Secret"})
		must(t, err)
		d, err := w.Record(ctx, w.manager, Decision{Title: "Buy it", Body: b.ID})
		must(t, err)
		if m.Project != "secret" || m.Kind != MeetingKind(ProjectBoard) || d.Project != "secret" {
			t.Errorf("%+v %+v", m, d)
		}
		next, err := w.Supersede(ctx, w.manager, d.ID, 1, Decision{Title: "Lease it", Person: "manager"})
		must(t, err)
		for _, who := range []authz.Actor{w.stranger, w.pmo} {
			_, err = w.Body(ctx, who, b.ID)
			is(t, "the body", err, errs.NotFound)
			_, err = w.Meeting(ctx, who, m.ID)
			is(t, "the meeting", err, errs.NotFound)
			for _, id := range []string{d.ID, next.ID} {
				_, err = w.Decision(ctx, who, id)
				is(t, "the decision", err, errs.NotFound)
			}
			is(t, "holding it", w.Hold(ctx, who, m.ID, 0, []Presence{{Person: "manager"}}), errs.NotFound)
			_, err = w.Call(ctx, who, Meeting{Body: b.ID, On: "2026-03-16", Subject: "x"})
			is(t, "calling it", err, errs.NotFound)
			bodies, err := w.Bodies(ctx, who, BodyFilter{})
			must(t, err)
			meetings, err := w.Meetings(ctx, who, MeetingFilter{})
			must(t, err)
			decisions, err := w.Decisions(ctx, who, DecisionFilter{})
			must(t, err)
			if len(bodies.Bodies)+len(meetings.Meetings)+meetings.Count+len(decisions.Decisions)+decisions.Count != 0 {
				t.Errorf("lists show %v %v %v", bodies.Bodies, meetings.Meetings, decisions.Decisions)
			}
		}
		decisions, err := w.Decisions(ctx, w.head, DecisionFilter{})
		if err != nil || decisions.Count != 2 {
			t.Errorf("the head of PMO sees %d, %v", decisions.Count, err)
		}
	})
}
