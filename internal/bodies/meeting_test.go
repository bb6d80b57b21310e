package bodies

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// partsIn gives who took part in the newest entry of a verb, and how.
func (w *world) partsIn(t testing.TB, verb string) string {
	t.Helper()
	list, err := activity.After(context.Background(), w.db.Read, 0, 1000)
	must(t, err)
	said := "no entry"
	for _, e := range list {
		if e.Verb != verb {
			continue
		}
		var parts []string
		for _, p := range e.Participants {
			parts = append(parts, strings.TrimSuffix(p.Person+" "+string(p.Role)+" "+p.For, " "))
		}
		slices.Sort(parts)
		said = strings.Join(parts, ", ")
	}
	return said
}

func TestASteeringGroupMeetsWithADeputyInAMembersPlace(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		b := w.steering(t)
		_, err := w.Call(ctx, w.one, Meeting{Body: b.ID, On: "2026-03-20", Subject: "March"})
		is(t, "a member calls it", err, errs.Forbidden)
		m, err := w.Call(ctx, w.pmo, Meeting{Body: b.ID, On: "2026-03-20", Starts: "10:00", Subject: "March"})
		must(t, err)
		_, err = w.OfferSeat(ctx, w.stranger, m.ID, Offer{Deputy: "manager", Authority: "all"})
		is(t, "a stranger offers a seat", err, errs.Forbidden)
		_, err = w.OfferSeat(ctx, w.one, m.ID, Offer{Deputy: "two", Authority: "all"})
		atField(t, "to another member", err, "deputy")
		o, err := w.OfferSeat(ctx, w.one, m.ID, Offer{Deputy: "stranger", Authority: "up to 50,000"})
		must(t, err)
		_, err = w.OfferSeat(ctx, w.one, m.ID, Offer{Deputy: "sponsor", Authority: "all"})
		atField(t, "twice", err, "deputy")
		is(t, "another answers", w.AnswerOffer(ctx, w.two, m.ID, o.ID, true), errs.Forbidden)
		desk, err := w.Desk(ctx, w.stranger)
		if err != nil || len(desk.Offers) != 1 || len(desk.Meetings) != 0 {
			t.Errorf("desk %+v, %v", desk, err)
		}
		must(t, w.AnswerOffer(ctx, w.stranger, m.ID, o.ID, true))
		if desk, err = w.Desk(ctx, w.stranger); err != nil || len(desk.Offers) != 0 || len(desk.Meetings) != 1 {
			t.Errorf("desk %+v, %v", desk, err)
		}
		must(t, w.Invite(ctx, w.pmo, m.ID, Attendee{Person: "sponsor", Capacity: AsGuest}))
		here := []Presence{{Person: "chair"}, {Person: "stranger", For: "one"}, {Person: "pmo"}, {Person: "sponsor"}}
		atField(t, "held before its day", w.Hold(ctx, w.pmo, m.ID, 0, here), "there")
		w.clock.Set(kittest.Noon.AddDate(0, 0, 5))
		is(t, "a member holds it", w.Hold(ctx, w.one, m.ID, 0, here), errs.Forbidden)
		atField(t, "both were there", w.Hold(ctx, w.pmo, m.ID, 0, append(here, Presence{Person: "one"})), "there")
		atField(t, "who is not on the list", w.Hold(ctx, w.pmo, m.ID, 0, []Presence{{Person: "manager"}}), "there")
		must(t, w.Hold(ctx, w.pmo, m.ID, 0, here))
		if got := w.partsIn(t, "meeting.held"); got != "chair led, pmo supported, sponsor observed, stranger deputised one" {
			t.Errorf("took part: %s", got)
		}
		sh, err := w.Meeting(ctx, w.one, m.ID)
		if err != nil || sh.State != Held || sh.QuorumNeeded != 2 || sh.QuorumWas != 2 || !sh.Quorate() || sh.There() != 4 || len(sh.ToConfirm) != 1 {
			t.Fatalf("%+v, %v", sh, err)
		}
		w.confirmDeputising(t, m.ID)
		w.minutes(t, m.ID, here)
	})
}

func (w *world) confirmDeputising(t *testing.T, meeting string) {
	t.Helper()
	ctx := context.Background()
	is(t, "the deputy confirms it", w.ConfirmDeputising(ctx, w.stranger, meeting, "stranger"), errs.Forbidden)
	is(t, "another member confirms it", w.ConfirmDeputising(ctx, w.two, meeting, "stranger"), errs.Forbidden)
	is(t, "of who did not deputise", w.ConfirmDeputising(ctx, w.one, meeting, "sponsor"), errs.NotFound)
	must(t, w.ConfirmDeputising(ctx, w.one, meeting, "stranger"))
	is(t, "twice, by the chair", w.ConfirmDeputising(ctx, w.chair, meeting, "stranger"), errs.Duplicate)
	if got := w.partsIn(t, "deputising.confirmed"); got != "stranger deputised one" {
		t.Errorf("confirmed: %s", got)
	}
}

func (w *world) minutes(t *testing.T, meeting string, here []Presence) {
	t.Helper()
	ctx := context.Background()
	is(t, "nothing to confirm", w.Confirm(ctx, w.chair, meeting, 0), errs.Invalid)
	must(t, w.WriteMinutes(ctx, w.pmo, meeting, 0, "We spoke of rivers."))
	must(t, w.RaiseAction(ctx, w.pmo, meeting, ActionAsked{Title: "Count fish", Owner: "two", Due: "2026-04-01"}))
	if a := w.raised[0]; a.Origin.Kind != FromMeeting || a.Origin.Path != "/meetings/"+meeting || a.Project != "" {
		t.Errorf("raised %+v", a)
	}
	must(t, w.Decide(ctx, w.pmo, meeting, Decision{Title: "A second crew", Words: "It buys nine days.", Owner: "manager", Due: "2026-04-01"}))
	desk, err := w.Desk(ctx, w.chair)
	if err != nil || len(desk.Minutes) != 1 {
		t.Errorf("desk of the chair %+v, %v", desk, err)
	}
	is(t, "the secretariat confirms", w.Confirm(ctx, w.pmo, meeting, 0), errs.Forbidden)
	must(t, w.Confirm(ctx, w.chair, meeting, 0))
	is(t, "another list afterwards", w.Hold(ctx, w.pmo, meeting, 0, here), errs.Invalid)
	is(t, "other words afterwards", w.WriteMinutes(ctx, w.pmo, meeting, 0, "x"), errs.Invalid)
	is(t, "a decision afterwards", w.Decide(ctx, w.pmo, meeting, Decision{Title: "x"}), errs.Invalid)
	for _, query := range []string{`UPDATE meeting_minutes SET words = 'x'`, `DELETE FROM meeting_minutes`} {
		if _, err := w.db.Write.Exec(query); err == nil {
			t.Errorf("the database let %s", query)
		}
	}
	must(t, w.Correct(ctx, w.pmo, meeting, 0))
	must(t, w.Hold(ctx, w.pmo, meeting, 0, append(here, Presence{Person: "two"})))
	must(t, w.WriteMinutes(ctx, w.pmo, meeting, 0, "We spoke of rivers and lakes."))
	must(t, w.Confirm(ctx, w.chair, meeting, 0))
	sh, err := w.Meeting(ctx, w.stranger, meeting)
	must(t, err)
	if len(sh.Earlier) != 2 || sh.Earlier[1].Words != "We spoke of rivers." || len(sh.Earlier[1].There) != 4 || len(sh.Earlier[0].There) != 5 || sh.Earlier[0].There[0].Name != "P chair" {
		t.Errorf("minutes %+v", sh.Earlier)
	}
	for _, a := range sh.People {
		if a.Person == "stranger" && (a.ConfirmedBy != "one" || a.ForName != "P one") {
			t.Errorf("the confirmation was lost: %+v", a)
		}
	}
	if w.partsIn(t, "meeting.corrected") == "no entry" || w.partsIn(t, "minutes.confirmed") == "no entry" {
		t.Error("the record misses an entry")
	}
}

func TestAProjectMeetsWithThoseWhoWorkOnIt(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx, w := context.Background(), newWorld(t, db)
		w.assign(t, "open", "two", "deputy", "manager")
		w.assign(t, "open", "one", "team", "")
		_, err := w.Call(ctx, w.manager, Meeting{Project: "prog", Kind: ProjectMeeting, On: "2026-03-16", Subject: "x"})
		if err == nil {
			t.Error("a programme met without a body")
		}
		m, err := w.Call(ctx, w.manager, Meeting{Project: "open", Kind: ProjectMeeting, On: "2026-03-16", Subject: "Weekly"})
		must(t, err)
		sh, err := w.Meeting(ctx, w.stranger, m.ID)
		must(t, err)
		var names []string
		for _, a := range sh.People {
			names = append(names, a.Person+" "+string(a.Capacity))
		}
		if !slices.Equal(names, []string{"manager own", "sponsor own", "one own", "two deputy"}) || sh.MayRun {
			t.Errorf("%v, may run %t", names, sh.MayRun)
		}
		must(t, w.Hold(ctx, w.pmo, m.ID, 1, []Presence{{Person: "two", For: "manager"}, {Person: "one"}}))
		if got := w.partsIn(t, "meeting.held"); got != "one contributed, two deputised manager" {
			t.Errorf("took part: %s", got)
		}
		must(t, w.WriteMinutes(ctx, w.manager, m.ID, 2, "Short."))
		must(t, w.ConfirmDeputising(ctx, w.manager, m.ID, "two"))
		is(t, "a member confirms", w.Confirm(ctx, w.one, m.ID, 0), errs.Forbidden)
		must(t, w.Confirm(ctx, w.sponsor, m.ID, 3))
		p, err := w.Prefill(ctx, w.manager, "", "open")
		if err != nil || p.Subject != "Weekly" || len(p.People) != 4 {
			t.Errorf("the next one %+v, %v", p, err)
		}
		_, err = w.Call(ctx, w.manager, Meeting{Project: "open", Kind: ProjectMeeting, On: "2026-03-18", Subject: "Weekly"})
		must(t, err)
		desk, err := w.Desk(ctx, w.sponsor)
		if err != nil || len(desk.Meetings) != 1 {
			t.Errorf("desk %+v, %v", desk, err)
		}
	})
}

// Whoever was there: at most one person led, who deputised has whom they did it
// for, and no more seats are filled than there are.
func TestWhatPeopleWereToAMeetingHoldsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var seats []Seat
		for i := range rapid.IntRange(0, 6).Draw(t, "seats") {
			s := Seat{Person: fmt.Sprint("m", i), Kind: rapid.SampledFrom([]SeatKind{Chair, DeputyChair, Member, Secretariat}).Draw(t, "kind")}
			for j := range rapid.IntRange(0, 2).Draw(t, "deputies") {
				s.Deputies = append(s.Deputies, Deputy{Person: fmt.Sprint("d", j)})
			}
			seats = append(seats, s)
		}
		list := expected(seats, nil, []Attendee{{Person: "g", Capacity: AsGuest}, {Person: "a", Capacity: Attending}})
		seen := map[string]bool{}
		var there []Presence
		for _, a := range list {
			if seen[a.Person] {
				t.Fatalf("%s is on the list twice", a.Person)
			}
			seen[a.Person] = true
			if rapid.Bool().Draw(t, "there") {
				there = append(there, Presence{a.Person, a.For})
			}
		}
		out, err := held(list, there)
		if err != nil {
			return
		}
		led, came := 0, 0
		for _, a := range out {
			if !a.There {
				if a.Role != "" || a.Capacity == AsDeputy {
					t.Errorf("%+v was not there", a)
				}
				continue
			}
			came++
			if a.Role == activity.Led {
				led++
			}
			if (a.Role == activity.Deputised) != (a.For != "") || a.Role == "" {
				t.Errorf("%+v", a)
			}
		}
		if led > 1 || came != len(there) || seatsFilled(out) > voting(seats) {
			t.Errorf("%d led, %d of %d there, %d seats of %d", led, came, len(there), seatsFilled(out), voting(seats))
		}
		q := Quorum{Count: rapid.IntRange(0, 9).Draw(t, "count"), Share: rapid.IntRange(0, 100).Draw(t, "share")}
		if n := q.Needs(voting(seats)); n < q.Count || n*100 < q.Share*voting(seats) || q.Needs(voting(seats)+1) < n {
			t.Errorf("a quorum of %+v needs %d of %d", q, n, voting(seats))
		}
	})
}
