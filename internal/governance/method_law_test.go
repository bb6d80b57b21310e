package governance

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"cairn/internal/governance/method"
	"cairn/internal/kit/kittest"
	"cairn/internal/kit/sqldb"
)

// methodLife is a method that is drafted, published and used at random.
type methodLife struct {
	*gateWorld
	t        *testing.T
	of       string
	controls []string
	project  string
	was      map[string]string // each version as it was at its publication, by id
}

// TestAMethodVersionInUseIsNeverAltered lives many methods at random: whatever is
// done to drafts, controls, projects and gates, each published version is byte for
// byte what it was, as a row, as its file and as what this process works with.
func TestAMethodVersionInUseIsNeverAltered(t *testing.T) {
	kittest.EachDB(t, func(t *testing.T, db *sqldb.DB) {
		w, lives, all := newGateWorld(t, db), 0, map[string]string{}
		if db.Engine == sqldb.SQLite {
			w.exec(t, `PRAGMA synchronous = OFF`) // nothing here is about a crash, and it writes a lot
		}
		rapid.Check(t, func(rt *rapid.T) {
			if !rapid.Bool().Draw(rt, "lived") {
				return // half of the lives is enough, and each is dear
			}
			lives++
			l := newMethodLife(t, w, fmt.Sprintf("light-%d", lives))
			for range rapid.IntRange(3, 12).Draw(rt, "steps") {
				w.clock.Advance(time.Minute)
				l.step(rt)
				l.holds(rt)
			}
			for id, text := range l.was {
				all[id] = text
			}
		})
		for id, was := range all {
			if now := asPublished(t, w, id); now != was {
				t.Errorf("version %s is not what it was", id)
			}
		}
		// A law over lives in which nothing happens would say nothing.
		for what, query := range map[string]string{
			"second versions":     `SELECT COUNT(*) FROM method_version WHERE number > 1`,
			"projects that moved": `SELECT COUNT(*) FROM governed WHERE why = 'moved'`,
			"proposals taken up":  `SELECT COUNT(*) FROM control_proposal WHERE state = 'taken_up'`,
			"gates decided":       `SELECT COUNT(*) FROM gate_decision`,
		} {
			var n int
			if err := db.Read.QueryRow(query).Scan(&n); err != nil || n == 0 && !testing.Short() {
				t.Errorf("no %s: %v", what, err)
			}
			t.Logf("%s: %d", what, n)
		}
	})
}

// newMethodLife publishes a method of its own and puts a project under it.
func newMethodLife(t *testing.T, w *gateWorld, of string) *methodLife {
	t.Helper()
	ctx := context.Background()
	l := &methodLife{gateWorld: w, t: t, of: of, was: map[string]string{}}
	text, err := method.Retitle(method.Shipped()[1].Text, of, "Life "+of, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, problems, err := w.Import(ctx, actor("pmo"), string(text)); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	d, _, _, _, err := w.DraftOf(ctx, actor("pmo"), of)
	if err != nil {
		t.Fatal(err)
	}
	d.Changes = "The first."
	if err := w.WriteDraft(ctx, actor("pmo"), d); err != nil {
		t.Fatal(err)
	}
	v, err := w.Publish(ctx, actor("head"), of, d.Version+1)
	if err != nil {
		t.Fatal(err)
	}
	l.was[v.ID] = asPublished(t, w, v.ID)
	m, err := w.method(ctx, w.db.Read, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Controls {
		l.controls = append(l.controls, m.Controls[i].ID)
	}
	full := w.full
	w.full = v.ID
	l.project = w.project(t, method.S, "light-agree", 20_000)
	w.full = full
	return l
}

// asPublished is all that is to stay of a version: its row, the file that one exports,
// and the method in memory, which whoever reads it could change by mistake.
func asPublished(t testing.TB, w *gateWorld, id string) string {
	t.Helper()
	_, m, _, err := w.Method(context.Background(), actor("out"), id)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return row(t, w.db, id) + "\n" + string(m.Source()) + "\n" + string(memory)
}

// row is the whole row of a version, with whatever columns it has.
func row(t testing.TB, db *sqldb.DB, id string) string {
	t.Helper()
	rows, err := db.Read.Query(`SELECT * FROM method_version WHERE id = $1`, id)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	if !rows.Next() {
		t.Fatalf("version %s is gone", id)
	}
	if err := rows.Scan(to...); err != nil {
		t.Fatal(err)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%q %q", columns, values)
}

func (l *methodLife) holds(rt *rapid.T) {
	list, err := versions(context.Background(), l.db.Read, l.of)
	if err != nil {
		rt.Fatal(err)
	}
	if len(list) != len(l.was) {
		rt.Fatalf("%d versions, %d were published", len(list), len(l.was))
	}
	for id, was := range l.was {
		if now := asPublished(l.t, l.gateWorld, id); now != was {
			rt.Fatalf("version %s was\n%s\nand is\n%s", id, was, now)
		}
	}
}

// step does one thing of all that people do with a method and with what follows it.
// Most of it may be refused: the law says what must not happen, and not what may.
func (l *methodLife) step(rt *rapid.T) {
	ctx := context.Background()
	switch rapid.IntRange(0, 11).Draw(rt, "what") {
	case 0, 1:
		l.edit(rt)
	case 2, 3:
		l.publish(rt)
	case 4, 10, 11:
		l.propose(rt)
	case 5:
		_ = l.Move(ctx, actor("pmo"), l.project, l.anyVersion(rt))
	case 6:
		l.gate(rt)
	case 7:
		l.control(rt)
	case 8:
		_ = l.DropDraft(ctx, actor("pmo"), l.of)
		_, _, _ = l.Import(ctx, actor("pmo"), l.text(rt))
	case 9:
		if _, _, err := l.Moving(ctx, actor("pmo"), l.anyVersion(rt), nil); err != nil {
			rt.Fatal(err)
		}
		_, _ = l.TryDraft(ctx, actor("pmo"), l.of)
		_ = l.SetPhase(ctx, actor("pm"), l.project, "light-try")
	}
}

func (l *methodLife) anyVersion(rt *rapid.T) string {
	list, err := versions(context.Background(), l.db.Read, l.of)
	if err != nil {
		rt.Fatal(err)
	}
	return rapid.SampledFrom(list).Draw(rt, "version").ID
}

// text is what a draft may become: another name, other words, one control less, or
// a file that is broken.
func (l *methodLife) text(rt *rapid.T) string {
	d, m, _, _, err := l.DraftOf(context.Background(), actor("pmo"), l.of)
	if err != nil {
		rt.Fatal(err)
	}
	n := rapid.IntRange(0, 1_000_000).Draw(rt, "n")
	switch what := rapid.IntRange(0, 9).Draw(rt, "edit"); {
	case what == 0:
		return d.Text + "\n:: broken"
	case what < 3 && m != nil && len(m.Controls) > 1:
		text, err := method.Without([]byte(d.Text), rapid.SampledFrom(m.Controls).Draw(rt, "control").ID)
		if err != nil {
			rt.Fatal(err)
		}
		return string(text)
	case what < 5:
		text, err := method.Retitle([]byte(d.Text), l.of, fmt.Sprintf("Life %d", n), 1+n%3)
		if err != nil {
			return d.Text // it is broken
		}
		return string(text)
	}
	return strings.Replace(d.Text, "about: ", fmt.Sprintf("about: %d ", n), 1)
}

func (l *methodLife) edit(rt *rapid.T) {
	ctx := context.Background()
	text := l.text(rt)
	d, _, _, _, err := l.DraftOf(ctx, actor("pmo"), l.of)
	if err != nil {
		rt.Fatal(err)
	}
	d.Text, d.Changes = text, "Edited."
	if err := l.WriteDraft(ctx, actor("pmo"), d); err != nil {
		rt.Fatal(err)
	}
}

func (l *methodLife) publish(rt *rapid.T) {
	ctx := context.Background()
	d, err := getDraft(ctx, l.db.Read, l.of)
	if err != nil {
		return // nobody has begun one
	}
	v, err := l.Publish(ctx, actor(rapid.SampledFrom([]string{"head", "head", "pmo"}).Draw(rt, "publisher")), l.of, d.Version)
	if err != nil {
		return // it is broken, or the same, or nobody may
	}
	l.was[v.ID] = asPublished(l.t, l.gateWorld, v.ID)
	if rapid.Bool().Draw(rt, "moves") {
		if err := l.Move(ctx, actor("pmo"), l.project, v.ID); err != nil {
			rt.Fatal(err)
		}
	}
}

// propose lets somebody propose a change or the end of a control, and the PMO take
// it up or decline it.
func (l *methodLife) propose(rt *rapid.T) {
	ctx := context.Background()
	control := rapid.SampledFrom(l.controls).Draw(rt, "control")
	id, err := l.Propose(ctx, actor("pm"), Proposal{Method: l.of, Control: control, Kind: rapid.SampledFrom([]string{ToChange, ToRetire}).Draw(rt, "kind"), Words: "It is in the way."})
	if err != nil {
		return
	}
	switch rapid.IntRange(0, 3).Draw(rt, "answer") {
	case 0:
		_ = l.Decline(ctx, actor("head"), id, "It found two faults.", 1)
	default:
		if _, err := l.TakeUp(ctx, actor("pmo"), id); err == nil {
			l.publish(rt)
		}
	}
}

// gate opens the gate that comes, or decides the one that is open.
func (l *methodLife) gate(rt *rapid.T) {
	ctx := context.Background()
	var review string
	if err := l.db.Read.QueryRow(`SELECT id FROM gate_review WHERE project_id = $1 AND state = 'open'`, l.project).Scan(&review); err != nil {
		j, err := l.Journey(ctx, actor("head"), l.project)
		if err != nil {
			rt.Fatal(err)
		}
		if j.Next() == nil {
			return
		}
		if review, err = l.Open(ctx, actor("pmo"), l.project, j.Next().Gate.ID, ""); err != nil {
			rt.Fatal(err)
		}
	}
	r := l.goRuling(l.t, review)
	r.Decision = rapid.SampledFrom([]string{method.Go, method.Hold, method.Stop}).Draw(rt, "decision")
	r.Needs = map[string]string{"until": "x", "keeps_people": "x", "keeps": "x", "tells": "x", "closes_by": "2027-01-01"}
	_, _ = l.DecideGate(ctx, actor("spo"), review, r)
}

// control says something of a control, assesses it or asks for it to be waived.
func (l *methodLife) control(rt *rapid.T) {
	ctx := context.Background()
	control := rapid.SampledFrom(l.controls).Draw(rt, "control")
	switch rapid.IntRange(0, 3).Draw(rt, "word") {
	case 0:
		_ = l.AnswerUse(ctx, actor("pm"), l.project, control, Use{Helped: InTheWay, Minutes: 30})
	case 1:
		_, _ = l.Assess(ctx, actor("pmo"), l.project, control, "in_place", "Seen.", "")
	case 2:
		_, _ = l.AskForWaiver(ctx, actor("pm"), l.project, control, "It is one room.", "We look ourselves.", "2026-06-01")
	case 3:
		_, _ = l.Raise(ctx, actor("pmo"), Finding{Project: l.project, Control: control, Words: "Nobody measured", Urgency: "do_now"})
	}
}
