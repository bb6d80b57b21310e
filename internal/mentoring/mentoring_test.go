package mentoring

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

type topics struct{}

func (topics) Topics(context.Context) ([]Topic, error) {
	return []Topic{{"gates", "Gates"}, {"money", "Money"}}, nil
}

type world struct {
	*Service
	db    *sqldb.DB
	clock *clock.Manual
}

var (
	ines  = authz.Actor{Person: "i", Role: authz.PMOMember}
	max1  = authz.Actor{Person: "m", Role: authz.Member}
	other = authz.Actor{Person: "o", Role: authz.Member}
	head  = authz.Actor{Person: "h", Role: authz.HeadOfPMO}
	admin = authz.Actor{Person: "a", Role: authz.Administrator}
)

func each(t *testing.T, test func(t *testing.T, ctx context.Context, w *world)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		c := clock.NewManual(kittest.Noon, 1)
		w := &world{NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...), topics{}), db, c}
		for _, id := range []string{"i", "m", "o", "h", "a"} {
			w.run(t, `INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, $4, $5, '', '', '', 1)`, id, "P "+id, "p "+id, id+"@x", id+"@x")
			w.run(t, `INSERT INTO account (person_id, role, active, password) VALUES ($1, 'member', TRUE, '')`, id)
		}
		test(t, context.Background(), w)
	})
}

func (w *world) run(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := w.db.Write.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

func (w *world) count(t *testing.T, query string) (n int) {
	t.Helper()
	ok(t, "count", w.db.Read.QueryRow(query).Scan(&n))
	return n
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func is(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

// offer lets somebody offer one place.
func (w *world) offer(t *testing.T, who authz.Actor) Offer {
	t.Helper()
	o, err := w.SaveOffer(context.Background(), who, 0, Offer{Topics: []string{"gates"}, Weeks: 4, Places: 1})
	ok(t, "offer", err)
	return o
}

// pair makes a pair of the mentor and somebody.
func (w *world) pair(t *testing.T, who authz.Actor) Pair {
	t.Helper()
	ctx := context.Background()
	p, err := w.Ask(ctx, who, w.offer(t, max1).ID, 4, "to see a gate from inside")
	ok(t, "ask", err)
	ok(t, "accept", w.Accept(ctx, max1, p.ID, 1, 0))
	return p
}

func TestAQuestionWithoutAYesLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, max1)
		before := w.count(t, `SELECT COUNT(*) FROM activity`)
		for _, ends := range []authz.Actor{max1, ines} { // refused, and taken back
			p, err := w.Ask(ctx, ines, o.ID, 4, "please")
			ok(t, "ask", err)
			_, err = w.Ask(ctx, ines, o.ID, 4, "again")
			is(t, "twice", err, errs.Conflict)
			for _, who := range []authz.Actor{other, head, admin} {
				_, err := w.Pair(ctx, who, p.ID)
				is(t, "a stranger reads", err, errs.NotFound)
				is(t, "a stranger accepts", w.Accept(ctx, who, p.ID, 1, 0), errs.NotFound)
				is(t, "a stranger declines", w.Decline(ctx, who, p.ID, 1), errs.NotFound)
				sh, err := w.Offers(ctx, who, "", "")
				ok(t, "list", err)
				if len(sh.Pairs) != 0 || len(sh.Offers) != 1 || sh.Offers[0].Taken != 0 {
					t.Errorf("%s is told of it: %+v", who.Role, sh)
				}
			}
			is(t, "who asked says yes", w.Accept(ctx, ines, p.ID, 1, 0), errs.Invalid)
			is(t, "a stale no", w.Decline(ctx, ends, p.ID, 7), errs.Conflict)
			ok(t, "decline", w.Decline(ctx, ends, p.ID, 1))
			if n := w.count(t, `SELECT COUNT(*) FROM mentoring_pair`); n != 0 {
				t.Errorf("%d pairs stay", n)
			}
		}
		if after := w.count(t, `SELECT COUNT(*) FROM activity`); after != before {
			t.Errorf("the record grew from %d to %d", before, after)
		}
	})
}

func TestBothSidesAgreeToTheRhythm(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, max1)
		p, err := w.Ask(ctx, ines, o.ID, 2, "")
		ok(t, "ask", err)
		q, err := w.Ask(ctx, other, o.ID, 4, "")
		ok(t, "ask", err)
		is(t, "no rhythm", w.Accept(ctx, max1, p.ID, 1, -1), errs.Invalid)
		ok(t, "another rhythm", w.Accept(ctx, max1, p.ID, 1, 3))
		is(t, "the mentor answers for the other", w.Accept(ctx, max1, p.ID, 2, 0), errs.Invalid)
		list, err := w.Waiting(ctx, ines)
		ok(t, "waiting", err)
		if len(list) != 1 || list[0].Weeks != 3 || list[0].State != Proposed {
			t.Errorf("waits: %+v", list)
		}
		ok(t, "agree", w.Accept(ctx, ines, p.ID, 2, 0))
		is(t, "no place left", w.Accept(ctx, max1, q.ID, 1, 0), errs.Invalid)
		sh, err := w.Offers(ctx, head, "", "")
		ok(t, "list", err)
		if len(sh.Offers) != 0 {
			t.Error("a full offer is listed")
		}
		var audiences, participants int
		ok(t, "record", w.db.Read.QueryRow(`SELECT (SELECT COUNT(*) FROM activity WHERE verb = 'mentoring.agreed' AND audience IN ('i', 'm')), (SELECT COUNT(*) FROM activity_participant)`).Scan(&audiences, &participants))
		if audiences != 2 || participants != 0 {
			t.Errorf("%d entries, %d participants", audiences, participants)
		}
		is(t, "a no after the yes", w.Decline(ctx, ines, p.ID, 3), errs.Invalid)
		ok(t, "end", w.End(ctx, ines, p.ID, 3))
		ok(t, "then there is a place", w.Accept(ctx, max1, q.ID, 1, 0))
	})
}

func TestNotesAreEachOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		p := w.pair(t, ines)
		w.clock.Advance(7 * 24 * time.Hour)
		day := w.Today()
		id, err := w.NoteMeeting(ctx, ines, p.ID, Meeting{On: day, Minutes: 45, Note: "of the mentee"})
		ok(t, "note", err)
		again, err := w.NoteMeeting(ctx, max1, p.ID, Meeting{On: day, Minutes: 60, Note: "of the mentor"})
		ok(t, "note the same", err)
		if again != id {
			t.Error("one meeting is two")
		}
		for who, want := range map[authz.Actor]string{ines: "of the mentee", max1: "of the mentor"} {
			sh, err := w.Pair(ctx, who, p.ID)
			ok(t, "read", err)
			if len(sh.Held) != 1 || sh.Held[0].Note != want || sh.Held[0].Minutes != 45 {
				t.Errorf("%s reads %+v", who.Person, sh.Held)
			}
		}
		is(t, "a stranger's note", w.ChangeNote(ctx, other, p.ID, id, "x"), errs.NotFound)
		ok(t, "change", w.ChangeNote(ctx, max1, p.ID, id, ""))
		var payloads string
		ok(t, "record", w.db.Read.QueryRow(`SELECT string_agg(payload, ' ') FROM activity_payload`).Scan(&payloads))
		if strings.Contains(payloads, "of the") || strings.Contains(payloads, "to see a gate") {
			t.Errorf("the record holds words: %s", payloads)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM activity WHERE audience = '' AND verb <> 'mentoring.offered'`); n != 0 {
			t.Errorf("%d entries of a pair are read by others", n)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM mentoring_look WHERE person_id = 'm'`); n != 1 {
			t.Errorf("%d looks of the mentor", n)
		}
		ok(t, "not held", w.RemoveMeeting(ctx, max1, p.ID, id))
		is(t, "twice", w.RemoveMeeting(ctx, ines, p.ID, id), errs.NotFound)
		if n := w.count(t, `SELECT COUNT(*) FROM mentoring_note`); n != 0 {
			t.Errorf("%d notes stay", n)
		}
	})
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		good := Offer{Topics: []string{"gates"}, Weeks: 4, Places: 1}
		for field, change := range map[string]func(*Offer){
			"words": func(o *Offer) { o.Topics = nil }, "topics": func(o *Offer) { o.Topics = []string{"stars"} }, "weeks": func(o *Offer) { o.Weeks = 0 },
			"places": func(o *Offer) { o.Places = 11 }, "until": func(o *Offer) { o.Until = "2020-01-01" },
		} {
			o := good
			change(&o)
			_, err := w.SaveOffer(ctx, max1, 0, o)
			if list := errs.FieldsOf(err); len(list) != 1 || list[0].Name != field {
				t.Errorf("%s: %v %v", field, err, list)
			}
		}
		p := w.pair(t, ines)
		for field, m := range map[string]Meeting{"on": {On: "2031-01-01", Minutes: 60}, "minutes": {On: w.Today()}} {
			_, err := w.NoteMeeting(ctx, ines, p.ID, m)
			if list := errs.FieldsOf(err); len(list) != 1 || list[0].Name != field {
				t.Errorf("%s: %v %v", field, err, list)
			}
		}
		_, err := w.NoteMeeting(ctx, ines, p.ID, Meeting{On: "2020-01-01", Minutes: 60})
		is(t, "before they agreed", err, errs.Invalid)
		o, err := w.SaveOffer(ctx, max1, 9, good)
		is(t, "a stale change", err, errs.Conflict)
		_ = o
		_, err = w.Ask(ctx, max1, "nothing", 4, "")
		is(t, "no such offer", err, errs.NotFound)
		ok(t, "take back", w.WithdrawOffer(ctx, max1))
		is(t, "again", w.WithdrawOffer(ctx, max1), errs.NotFound)
	})
}

// When two meet next follows from their rhythm and the newest meeting, whatever the
// order in which meetings are noted; nothing of it is stored.
func TestTheNextMeetingFollowsFromTheRhythm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weeks := rapid.IntRange(1, maxWeeks).Draw(t, "weeks")
		p := Pair{State: Agreed, Weeks: weeks, Began: "2026-01-05"}
		newest := p.Began
		for _, n := range rapid.SliceOf(rapid.IntRange(0, 700)).Draw(t, "days") {
			day := clock.AddDays("2026-01-05", n)
			p.Last, newest = max(p.Last, day), max(newest, day)
		}
		if days, _ := clock.DaysBetween(newest, p.Next()); days != 7*weeks {
			t.Fatalf("%d days after the newest, every %d weeks", days, weeks)
		}
		if p.Due(clock.AddDays(p.Next(), -dueDays-1)) || !p.Due(clock.AddDays(p.Next(), -dueDays)) {
			t.Fatal("it is brought to mind at another time")
		}
		p.State = Ended
		if p.Next() != "" || p.Due("2099-01-01") {
			t.Fatal("an ended pair meets")
		}
	})
}

// Who cannot sign in offers nothing and is asked nothing, and no meeting with them is due.
// They may come back.
func TestNothingWaitsForWhoCannotSignIn(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o, err := w.SaveOffer(ctx, max1, 0, Offer{Topics: []string{"gates"}, Weeks: 1, Places: 2})
		ok(t, "offer", err)
		p, err := w.Ask(ctx, ines, o.ID, 1, "")
		ok(t, "ask", err)
		ok(t, "accept", w.Accept(ctx, max1, p.ID, 1, 0))
		w.clock.Advance(30 * 24 * time.Hour)
		seen := func() (offers, due int, away string) {
			sh, err := w.Offers(ctx, other, "", "")
			ok(t, "list", err)
			waits, err := w.AllWaiting(ctx, w.db.Read, w.Today())
			ok(t, "waiting", err)
			pair, err := w.Pair(ctx, ines, p.ID)
			ok(t, "pair", err)
			return len(sh.Offers), len(waits), pair.Away()
		}
		for _, there := range []bool{true, false, true} {
			w.run(t, `UPDATE account SET active = $1 WHERE person_id = 'm'`, there)
			offers, due, away := seen()
			if there && (offers != 1 || due != 2 || away != "") || !there && (offers != 0 || due != 0 || away != "P m") {
				t.Errorf("there: %t; %d offers, %d due, away: %s", there, offers, due, away)
			}
			if !there {
				_, err := w.Ask(ctx, other, o.ID, 1, "")
				is(t, "asked", err, errs.NotFound)
			}
		}
		w.run(t, `UPDATE account SET active = FALSE WHERE person_id = 'm'`)
		ok(t, "end", w.End(ctx, ines, p.ID, 2))
	})
}
