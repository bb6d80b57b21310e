package opportunity

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// placed is a register that remembers whom it put on projects.
type placed struct{ list []Placement }

func (p *placed) PlaceIn(_ context.Context, _ *work.Tx, x Placement) error {
	p.list = append(p.list, x)
	return nil
}

// world is an open project of m and a secret one; x and y would like to do something.
type world struct {
	*Service
	db                                 *sqldb.DB
	clock                              *clock.Manual
	placed                             *placed
	head, manager, member, other, line authz.Actor
}

func each(t *testing.T, test func(t *testing.T, ctx context.Context, w *world)) {
	t.Helper()
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		c := clock.NewManual(kittest.Noon, 1)
		w := &world{db: db, clock: c, placed: &placed{}}
		w.Service = NewService(work.New(db, c.Source, authz.NewPolicy(Rules), time.UTC, KeepTables...), w.placed)
		for _, id := range []string{"h", "m", "x", "y", "l"} {
			if _, err := db.Write.Exec(`INSERT INTO person (id, name, name_key, email, email_key, job_title, org_unit, left_on, version) VALUES ($1, $2, $3, '', '', '', '', '', 1)`, id, "P "+id, "p "+id); err != nil {
				t.Fatal(err)
			}
		}
		for id, secret := range map[string]bool{"open": false, "secret": true} {
			if err := authz.PutNode(ctx, db.Write, authz.Node{ID: id, Confidential: secret}); err != nil {
				t.Fatal(err)
			}
			if err := authz.PutGrant(ctx, db.Write, authz.Grant{Source: "g" + id, Node: id, Person: "m", Role: authz.ProjectManager, From: "2025-01-01"}); err != nil {
				t.Fatal(err)
			}
		}
		w.head, w.manager = authz.Actor{Person: "h", Role: authz.HeadOfPMO}, authz.Actor{Person: "m", Role: authz.Member}
		w.member, w.other, w.line = authz.Actor{Person: "x", Role: authz.Member}, authz.Actor{Person: "y", Role: authz.PMOMember}, authz.Actor{Person: "l", Role: authz.Member}
		test(t, ctx, w)
	})
}

func is(t *testing.T, what string, err error, k errs.Kind) {
	t.Helper()
	if !errs.Is(err, k) {
		t.Errorf("%s: %v, want %s", what, err, k)
	}
}

func ok(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func (w *world) offer(t *testing.T, project string, form Form, places int) Opportunity {
	t.Helper()
	o, err := w.MakeOffer(context.Background(), w.manager, Opportunity{
		Project: project, Subject: OfProject, Form: form, Title: "Run the flood wall", Need: "Two days a week", Authority: "Up to 5,000", From: w.Today(), To: clock.AddDays(w.Today(), 60), Hours: 80, Places: places,
	})
	ok(t, "offer", err)
	return o
}

// verbs are the verbs of the record, in order.
func (w *world) verbs(t *testing.T) (out []string) {
	t.Helper()
	rows, err := w.db.Read.Query(`SELECT verb FROM activity ORDER BY seq`)
	ok(t, "record", err)
	defer rows.Close()
	for rows.Next() {
		var v string
		ok(t, "record", rows.Scan(&v))
		out = append(out, v)
	}
	ok(t, "record", rows.Err())
	return out
}

func TestFromTheOfferToTheConfirmedDebrief(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, "open", Lead, 1)
		p, err := w.Apply(ctx, w.member, o.ID, "l", "I have the time")
		ok(t, "apply", err)
		_, err = w.Apply(ctx, w.member, o.ID, "l", "")
		is(t, "apply twice", err, errs.Conflict)
		ok(t, "line", w.AgreeForLine(ctx, w.line, o.ID, p.ID, 1))
		is(t, "stale", w.Give(ctx, w.manager, o.ID, p.ID, 1), errs.Conflict)
		ok(t, "give", w.Give(ctx, w.manager, o.ID, p.ID, 2))
		if len(w.placed.list) != 1 || w.placed.list[0].Person != "x" || w.placed.list[0].Form != Lead {
			t.Fatalf("placed %v", w.placed.list)
		}
		is(t, "take back what is agreed", w.TakeBack(ctx, w.member, o.ID, p.ID, 3), errs.Invalid)
		is(t, "no hours", w.WriteDebrief(ctx, w.member, o.ID, p.ID, 3, Debrief{Done: "Led it", Hours: -1}), errs.Invalid)
		ok(t, "debrief", w.WriteDebrief(ctx, w.member, o.ID, p.ID, 3, Debrief{Done: "Led it", Hours: 90}))
		is(t, "own confirmation", w.Confirm(ctx, w.member, o.ID, p.ID, 4), errs.Forbidden)
		ok(t, "confirm", w.Confirm(ctx, w.manager, o.ID, p.ID, 4))
		is(t, "confirm twice", w.Confirm(ctx, w.manager, o.ID, p.ID, 5), errs.Invalid)
		if got := w.verbs(t); len(got) != 3 || got[1] != "opportunity.agreed" || got[2] != "opportunity.done" {
			t.Errorf("the record has %v", got)
		}
	})
}

func TestARefusalLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, "open", Shadow, 1)
		for _, who := range []authz.Actor{w.manager, w.line} {
			p, err := w.Apply(ctx, w.member, o.ID, "l", "please")
			ok(t, "apply", err)
			ok(t, "refuse", w.Refuse(ctx, who, o.ID, p.ID, 1))
			var n int
			ok(t, "count", w.db.Read.QueryRow(`SELECT COUNT(*) FROM opportunity_place`).Scan(&n))
			if n != 0 {
				t.Error("the application stays")
			}
		}
		if got := w.verbs(t); len(got) != 1 {
			t.Errorf("the record has %v", got)
		}
	})
}

func TestOnlyThoseConcernedKnowOfAnApplication(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, "open", Deputise, 2)
		p, err := w.Apply(ctx, w.member, o.ID, "l", "please")
		ok(t, "apply", err)
		for who, want := range map[authz.Actor]int{w.member: 1, w.line: 1, w.manager: 1, w.head: 1, w.other: 0, {Person: "z", Role: authz.Administrator}: 0} {
			sh, err := w.Opportunity(ctx, who, o.ID)
			ok(t, "read", err)
			if len(sh.Seen) != want {
				t.Errorf("%s sees %d applications, want %d", who.Role, len(sh.Seen), want)
			}
		}
		is(t, "give by a stranger", w.Give(ctx, w.other, o.ID, p.ID, 1), errs.Forbidden)
		is(t, "agree by a stranger", w.AgreeForLine(ctx, w.other, o.ID, p.ID, 1), errs.NotFound)
		is(t, "take back by a stranger", w.TakeBack(ctx, w.other, o.ID, p.ID, 1), errs.NotFound)
		is(t, "refuse by a stranger", w.Refuse(ctx, w.other, o.ID, p.ID, 1), errs.Forbidden)
		secret := w.offer(t, "secret", Lead, 1)
		_, err = w.Opportunity(ctx, w.member, secret.ID)
		is(t, "a secret project's offer", err, errs.NotFound)
		_, err = w.Apply(ctx, w.member, secret.ID, "l", "")
		is(t, "apply to a secret project's offer", err, errs.NotFound)
		page, err := w.List(ctx, w.other, Filter{})
		ok(t, "list", err)
		if len(page.Items) != 1 {
			t.Errorf("a stranger lists %d offers", len(page.Items))
		}
	})
}

// TestNeverMoreAgreedThanPlaces lets many agreements race for one place.
func TestNeverMoreAgreedThanPlaces(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, "open", Shadow, 1)
		var ids []string
		for _, who := range []authz.Actor{w.member, w.other, w.head} {
			p, err := w.Apply(ctx, who, o.ID, "l", "")
			ok(t, "apply", err)
			ok(t, "line", w.AgreeForLine(ctx, w.line, o.ID, p.ID, 1))
			ids = append(ids, p.ID)
		}
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() { _ = w.Give(ctx, w.manager, o.ID, id, 2) }) // some are refused
		}
		wg.Wait()
		sh, err := w.Opportunity(ctx, w.manager, o.ID)
		ok(t, "read", err)
		if sh.Taken != 1 {
			t.Errorf("%d agreed for one place", sh.Taken)
		}
	})
}

func TestAnOfferSaysWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		good := Opportunity{Project: "open", Subject: OfProject, Form: Lead, Title: "T", Need: "N", From: w.Today(), To: w.Today(), Hours: 1, Places: 1}
		for field, change := range map[string]func(*Opportunity){
			"title": func(o *Opportunity) { o.Title = "" }, "need": func(o *Opportunity) { o.Need = "" }, "form": func(o *Opportunity) { o.Form = "watch" },
			"hours": func(o *Opportunity) { o.Hours = -1 }, "places": func(o *Opportunity) { o.Places = 0 }, "to": func(o *Opportunity) { o.To = clock.AddDays(o.From, -1) },
			"authority": func(o *Opportunity) { o.Form = Deputise }, "subject": func(o *Opportunity) { o.Subject, o.SubjectID = OfMeeting, "none" },
		} {
			o := good
			change(&o)
			_, err := w.MakeOffer(ctx, w.manager, o)
			if list := errs.FieldsOf(err); len(list) == 0 || list[0].Name != field {
				t.Errorf("%s: %v %v", field, err, list)
			}
		}
		w.meeting(t, "past", "")
		w.exec(t, `UPDATE meeting SET held_on = $1 WHERE id = 'past'`, clock.AddDays(w.Today(), -1))
		late := good
		late.Subject, late.SubjectID = OfMeeting, "past"
		_, err := w.MakeOffer(ctx, w.manager, late)
		is(t, "a meeting of yesterday", err, errs.Invalid)
		_, err = w.MakeOffer(ctx, w.member, good)
		is(t, "offered by a stranger", err, errs.Forbidden)
		o := w.offer(t, "open", Shadow, 1)
		w.clock.Advance(90 * 24 * time.Hour)
		_, err = w.Apply(ctx, w.member, o.ID, "l", "")
		is(t, "apply when it is over", err, errs.Invalid)
		w.clock.Advance(-90 * 24 * time.Hour)
		_, err = w.Apply(ctx, w.member, o.ID, "x", "")
		is(t, "one's own line", err, errs.Invalid)
		ok(t, "withdraw", w.Withdraw(ctx, w.manager, o.ID, 1))
		_, err = w.Apply(ctx, w.member, o.ID, "l", "")
		is(t, "apply for what was withdrawn", err, errs.Invalid)
	})
}

// Of a project that has come to its end nothing is offered, and nobody takes part in
// what was offered before.
func TestNothingIsOfferedOfAProjectThatIsOver(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		o := w.offer(t, "open", Lead, 2)
		p, err := w.Apply(ctx, w.member, o.ID, "l", "")
		ok(t, "apply", err)
		ok(t, "line", w.AgreeForLine(ctx, w.line, o.ID, p.ID, 1))
		w.exec(t, `INSERT INTO project (id, confidential, vanished_from, version) VALUES ('open', FALSE, '', 1)`)
		texts := strings.Fields(`code parent_id purpose category org_unit phase baseline_start baseline_end forecast_start forecast_end actual_start actual_end
			rating rating_scale rating_note notes missing code_key category_key org_unit_key phase_key status_key end_key budget_key rating_key`)
		w.exec(t, `INSERT INTO project_version (project_id, valid_from, valid_to, known_from, known_to, is_current, name, name_key, currency, forecast, status, `+strings.Join(texts, ", ")+`)
			VALUES ('open', '2025-01-01', '9999-12-31', 0, 1, TRUE, 'Open', 'open', 'GBP', 0, 'Cancelled'`+strings.Repeat(", ''", len(texts))+`)`)
		_, err = w.MakeOffer(ctx, w.manager, Opportunity{Project: "open", Subject: OfProject, Form: Lead, Title: "T", Need: "N", From: w.Today(), To: w.Today(), Hours: 1, Places: 1})
		is(t, "offer", err, errs.Invalid)
		if page, err := w.List(ctx, w.manager, Filter{Project: "open"}); err != nil || page.MayOffer || !page.Over {
			t.Errorf("its page still offers to offer: %+v, %v", page, err)
		}
		if _, choices, err := w.Choices(ctx, w.manager, "open"); err != nil || len(choices) != 0 {
			t.Errorf("its form offers %v, %v", choices, err)
		}
		_, err = w.Apply(ctx, w.other, o.ID, "l", "")
		is(t, "apply", err, errs.Invalid)
		is(t, "give", w.Give(ctx, w.manager, o.ID, p.ID, 2), errs.Invalid)
		if page, err := w.List(ctx, w.other, Filter{}); err != nil || len(page.Items) != 0 || len(w.placed.list) != 0 {
			t.Errorf("still listed: %v, placed %v, %v", page.Items, w.placed.list, err)
		}
		ok(t, "refuse all the same", w.Refuse(ctx, w.manager, o.ID, p.ID, 2))
	})
}
