package opportunity

import (
	"context"
	"encoding/json"
	"testing"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// exec changes what other features would have written.
func (w *world) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	_, err := w.db.Write.Exec(query, args...)
	ok(t, query, err)
}

// meeting is a meeting to come, of a body or of the project's team.
func (w *world) meeting(t *testing.T, id, body string) {
	t.Helper()
	w.exec(t, `INSERT INTO meeting (id, kind, body_id, project_id, node_id, held_on, starts, subject, state, number, quorum_needed, quorum_present, minutes, called_by, version)
		VALUES ($1, 'body', $2, 'open', 'open', $3, '', 'M', 'planned', 0, 0, 0, '', 'm', 1)`, id, body, w.Today())
}

// debriefed takes an offer to its debrief, on the day.
func (w *world) debriefed(t *testing.T, s Subject, subject string, f Form) (o Opportunity, place string) {
	t.Helper()
	ctx := context.Background()
	o, err := w.MakeOffer(ctx, w.manager, Opportunity{
		Project: "open", Subject: s, SubjectID: subject, Form: f, Title: "T", Need: "N", Authority: "All but money", From: w.Today(), To: w.Today(), Hours: 3, Places: 1,
	})
	ok(t, "offer", err)
	p, err := w.Apply(ctx, w.member, o.ID, "l", "")
	ok(t, "apply", err)
	ok(t, "line", w.AgreeForLine(ctx, w.line, o.ID, p.ID, 1))
	ok(t, "give", w.Give(ctx, w.manager, o.ID, p.ID, 2))
	ok(t, "debrief", w.WriteDebrief(ctx, w.member, o.ID, p.ID, 3, Debrief{Done: "D", Hours: 2}))
	return o, p.ID
}

// done is the newest entry of something done.
func (w *world) done(t *testing.T) (e Event) {
	t.Helper()
	var facts string
	ok(t, "read", w.db.Read.QueryRow(`SELECT p.payload FROM activity a JOIN activity_payload p ON p.seq = a.seq WHERE a.verb = 'opportunity.done' ORDER BY a.seq DESC LIMIT 1`).Scan(&facts))
	var whole struct {
		Event json.RawMessage `json:"event"`
	}
	ok(t, "entry", json.Unmarshal([]byte(facts), &whole))
	ok(t, "facts", json.Unmarshal(whole.Event, &e))
	return e
}

// What a deputy did counts by the minutes where these name them, and by the debrief
// where not; never by both, and not before the meeting was held.
func TestWorkCountsByItsRecordOrByTheDebrief(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		for _, x := range []struct {
			name, body, role string // role in the minutes; none if they do not name the person
			form             Form
			kind             string
			recorded         bool
		}{
			{"named", "b", "deputised", Deputise, "body.deputised", true},
			{"not named", "b", "", Deputise, "body.deputised", false},
			{"named as a guest", "b", "observed", Deputise, "body.deputised", false},
			{"of the team", "", "led", Lead, "team.meeting_run", true},
			{"of the team, not named", "", "", Lead, "team.meeting_run", false},
		} {
			w.meeting(t, x.name, x.body)
			o, place := w.debriefed(t, OfMeeting, x.name, x.form)
			is(t, x.name+": to come", w.Confirm(ctx, w.manager, o.ID, place, 4), errs.Invalid)
			w.exec(t, `UPDATE meeting SET state = 'held' WHERE id = $1`, x.name)
			if x.role != "" {
				w.exec(t, `INSERT INTO attendance (meeting_id, person_id, seat, side, capacity, for_person_id, authority, there, work_role, confirmed_by, confirmed_at) VALUES ($1, 'x', '', '', 'deputy', 'm', '', TRUE, $2, '', 0)`, x.name, x.role)
			}
			ok(t, x.name, w.Confirm(ctx, w.manager, o.ID, place, 4))
			if e := w.done(t); e.Kind != x.kind || e.Recorded != x.recorded || e.Body != x.body || e.Role != x.form.Role() {
				t.Errorf("%s: %+v", x.name, e)
			}
		}
	})
}

// Shadowing and support at a gate are in no record: the debrief alone tells of them.
func TestShadowingAGateCountsByTheDebrief(t *testing.T) {
	each(t, func(t *testing.T, ctx context.Context, w *world) {
		w.exec(t, `INSERT INTO gate_plan (project_id, gate_id, first_planned_on, planned_on, body_id, version) VALUES ('open', 'g3', $1, $2, '', 1)`, w.Today(), clock.AddDays(w.Today(), 3))
		o, place := w.debriefed(t, OfGate, "g3", Shadow)
		ok(t, "confirm", w.Confirm(ctx, w.manager, o.ID, place, 4))
		if e := w.done(t); e.Kind != "gate.facilitated" || e.Recorded || e.Project != "open" {
			t.Errorf("%+v", e)
		}
		o, place = w.debriefed(t, OfGate, "g3", Lead)
		is(t, "facilitated before it was decided", w.Confirm(ctx, w.manager, o.ID, place, 4), errs.Invalid)
		list, err := w.Took(ctx, w.db.Read, w.Today())
		ok(t, "took", err)
		if len(list) != 1 || list[0].Person != "x" || list[0].Kind != "gate.facilitated" || list[0].On != w.Today() {
			t.Errorf("%+v", list)
		}
		if list, err := w.Took(ctx, w.db.Read, clock.AddDays(w.Today(), -1)); err != nil || len(list) != 0 {
			t.Errorf("yesterday %+v, %v", list, err)
		}
	})
}
