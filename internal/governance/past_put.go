package governance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// RecordPastIn records the gate decisions that rows of a spreadsheet tell of, as
// part of the import that the batch is. Rows are refused one by one; a date that
// cannot stand is left out with the reason, and the others of its row are taken.
func (s *Service) RecordPastIn(ctx context.Context, tx *work.Tx, source, batch string, rows []PastRow) ([]PastOutcome, error) {
	out := make([]PastOutcome, len(rows))
	if err := tx.May(ctx, RecordPast, authz.Instance); err != nil || len(rows) == 0 {
		return out, err
	}
	p := &pastPut{s: s, tx: tx, batch: batch, out: out, newest: map[string]Version{}, told: map[string]*PastRecorded{}}
	found, err := pastProjects(ctx, tx, source, rows)
	if err != nil {
		return nil, err
	}
	if p.states, err = s.pastStates(ctx, tx, batch, found); err != nil {
		return nil, err
	}
	rows = slices.Clone(rows)
	if err := dropNames(ctx, tx, rows); err != nil {
		return nil, err
	}
	if p.bodies, err = pastBodies(ctx, tx, rows); err != nil {
		return nil, err
	}
	for i := range rows {
		if out[i].Refused = found[i].refused; out[i].Refused != nil {
			continue
		}
		out[i].Project = found[i].id
		err := p.row(ctx, &rows[i], p.states[found[i].id], &out[i])
		if errs.Is(err, errs.Invalid) {
			out[i] = PastOutcome{Project: found[i].id, Refused: err}
		} else if err != nil {
			return nil, err
		}
	}
	return out, p.end(ctx)
}

// pastPut puts some rows.
type pastPut struct {
	s      *Service
	tx     *work.Tx
	batch  string
	out    []PastOutcome
	states map[string]*pastState
	bodies map[string]string  // ids of governing bodies by folded name
	newest map[string]Version // by method
	rows   [][]any            // of past_gate
	order  []string           // projects with something told
	told   map[string]*PastRecorded
}

// taken is a date that stands.
type taken struct {
	gate *method.Gate
	PastGate
	field string
}

func (p *pastPut) row(ctx context.Context, r *PastRow, st *pastState, out *PastOutcome) error {
	decision, err := PastDecision(r.Decision)
	if err != nil {
		return err
	}
	next, err := p.follows(ctx, r, st)
	if err != nil {
		return err
	}
	trial := *st
	if next != nil {
		if trial.method, err = p.s.method(ctx, p.tx, next.Version); err != nil {
			return err
		}
		trial.governed, trial.steps = next, heldSteps(p.s.require(next.Version, trial.method, next.Tier, next.Involves))
	}
	dates, left, err := p.sorted(r, &trial, decision)
	if err != nil {
		return err
	}
	if err := trial.inOrder(dates); err != nil {
		return err
	}
	if out.Left, out.Moved = len(left), next != nil; out.Moved {
		st.governed, st.method, st.steps = trial.governed, trial.method, trial.steps
	}
	p.leave(st, left)
	if err := p.take(ctx, st, dates, out); err != nil {
		return err
	}
	return p.settle(ctx, st, next, out)
}

// follows says on which method a row puts its project; nil when it stays.
func (p *pastPut) follows(ctx context.Context, r *PastRow, st *pastState) (*Governed, error) {
	switch {
	case r.Method == "" && st.governed == nil && r.Model == "":
		return nil, errs.OnField("model", "The project follows no method yet, and this row names no model.")
	case r.Method == "" && r.Model != "" && st.governed == nil:
		return nil, errs.OnField("model", "No method stands for this model. Choose one below, or leave these rows out.")
	case r.Method == "" || st.method != nil && st.method.ID == r.Method:
		return nil, nil
	case st.governed != nil && !r.Move:
		return nil, errs.OnField("model", "The project follows the %s already. Say below that this import may put projects on another method.", st.method.Name)
	case st.begun:
		return nil, errs.OnField("model", "The project has gone through gates of the %s here. It stays on it.", st.method.Name)
	}
	v, ok := p.newest[r.Method]
	if !ok {
		var err error
		if v, _, err = newest(ctx, p.tx, r.Method); errs.Is(err, errs.NotFound) {
			return nil, errs.OnField("model", "There is no published method %q.", r.Method)
		} else if err != nil {
			return nil, err
		}
		p.newest[r.Method] = v
	}
	m, err := p.s.method(ctx, p.tx, v.ID)
	if err != nil {
		return nil, err
	}
	next := Governed{Project: st.project, Version: v.ID, Tier: tierFor(m), Why: WhyImported}
	if st.governed != nil {
		next = *st.governed
		next.Version, next.Why = v.ID, WhyImported
	}
	next.Phase, err = phaseIn(m, next.Phase)
	return &next, err
}

// sorted parts the dates of a row into those that stand and those that are left
// out. Of several dates the decision is about the last one: the gates before it
// were passed, or it would not be there.
func (p *pastPut) sorted(r *PastRow, st *pastState, decision string) (dates, left []taken, err error) {
	for i := range r.Dates {
		d := &r.Dates[i]
		t := taken{field: d.Field, PastGate: PastGate{Place: r.Place, Gate: d.Gate, On: d.On, Decision: method.Go, BodyWords: r.Body, Body: p.bodies[fold.Key(r.Body)]}}
		gate, why := st.held(d)
		if gate != nil {
			t.gate, t.Gate = gate, gate.ID
		} else if t.Gate == "" {
			t.Gate = orWords(d.Words, d.Nth)
		}
		switch {
		case why != "":
		case d.On > p.tx.Today:
			why = "it is still to come: a plan, and no decision"
		case st.decided[t.Gate] != "":
			why = "it was decided here on " + st.decided[t.Gate] + ", and that stands"
		case slices.ContainsFunc(dates, func(o taken) bool { return o.gate == gate }):
			why = "another column has this gate already"
		case st.stands[t.Gate].Batch == p.batch && st.stands[t.Gate].On != d.On:
			why = "another row of this file has this gate on " + st.stands[t.Gate].On
		}
		if t.WhyNot = why; why != "" && len(r.Dates) == 1 {
			return nil, nil, errs.OnField(d.Field, "%s", sentence(why))
		} else if why != "" {
			left = append(left, t)
			continue
		}
		dates = append(dates, t)
	}
	slices.SortStableFunc(dates, func(a, b taken) int { return st.index(a.Gate) - st.index(b.Gate) })
	if n := len(dates); n > 0 {
		dates[n-1].Decision = decision
	}
	return dates, left, nil
}

func orWords(words string, nth int) string {
	if words == "" {
		words = fmt.Sprintf("gate %d", nth)
	}
	if r := []rune(words); len(r) > 60 {
		words = string(r[:60])
	}
	return words
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] + "." }

// inOrder refuses dates by which a gate was passed before an earlier one.
func (st *pastState) inOrder(dates []taken) error {
	on := make([]clock.Day, len(st.steps))
	field := make([]string, len(st.steps))
	for i := range st.steps {
		on[i] = st.passedOn(st.steps[i].Gate.ID)
	}
	for _, t := range dates {
		i := st.index(t.Gate)
		on[i], field[i] = t.On, t.field
	}
	last := -1
	for i := range on {
		if on[i] == "" {
			continue
		}
		if last >= 0 && on[i] < on[last] && (field[i] != "" || field[last] != "") {
			at := field[i]
			if at == "" {
				at = field[last]
			}
			return errs.OnField(at, "%s would have been decided on %s, before %s on %s.", GateLabel(st.steps[i].Gate.ID), on[i], GateLabel(st.steps[last].Gate.ID), on[last])
		}
		last = i
	}
	return nil
}

// take records the dates that stand, and counts what was there already.
func (p *pastPut) take(ctx context.Context, st *pastState, dates []taken, out *PastOutcome) error {
	for _, t := range dates {
		had, there := st.stands[t.Gate]
		if there && had.On == t.On && had.Decision == t.Decision && fold.Key(had.BodyWords) == fold.Key(t.BodyWords) {
			out.Same++
			continue
		}
		if there {
			out.Changed++
			if err := p.replace(ctx, st.project, t.Gate); err != nil {
				return err
			}
		} else {
			out.Recorded++
		}
		t.Batch, t.Project = p.batch, st.project
		st.stands[t.Gate] = t.PastGate
		p.add(t.PastGate)
		p.tell(st.project).Gates = append(p.tell(st.project).Gates, PastGateFact{t.Gate, t.Decision, t.On})
	}
	return nil
}

// replace ends what an earlier file says of a gate; a row that waits to be written
// is written first.
func (p *pastPut) replace(ctx context.Context, project, gate string) error {
	if err := p.write(ctx); err != nil {
		return err
	}
	_, err := p.tx.ExecContext(ctx, `UPDATE past_gate SET ended_by = $1 WHERE project_id = $2 AND gate_id = $3 AND why_not = '' AND ended_by = '' AND taken_back_at = 0`, p.batch, project, gate)
	return err
}

func (p *pastPut) leave(st *pastState, left []taken) {
	for _, t := range left {
		t.Batch, t.Project = p.batch, st.project
		p.add(t.PastGate)
	}
}

func (p *pastPut) add(g PastGate) {
	p.rows = append(p.rows, []any{p.tx.NewID(), g.Batch, g.Place, g.Project, g.Gate, g.On, g.Decision, g.Body, g.BodyWords, fold.Key(g.BodyWords), g.WhyNot, sqldb.Micros(p.tx.Now), "", 0})
}

func (p *pastPut) write(ctx context.Context) error {
	rows := p.rows
	p.rows = nil
	return sqldb.Insert(ctx, p.tx, `past_gate (id, batch, place, project_id, gate_id, decided_on, decision, body_id, body_words, body_key, why_not, recorded_at, ended_by, taken_back_at)`, ``, rows)
}

func (p *pastPut) tell(project string) *PastRecorded {
	if p.told[project] == nil {
		p.told[project] = &PastRecorded{Project: project, Import: p.batch}
		p.order = append(p.order, project)
	}
	return p.told[project]
}

// settle puts the project where the row leaves it: on its method, and in the
// phase behind the last gate that was passed.
func (p *pastPut) settle(ctx context.Context, st *pastState, next *Governed, out *PastOutcome) error {
	if next == nil && out.Recorded+out.Changed == 0 {
		return nil
	}
	if next == nil {
		same := *st.governed
		next = &same
	}
	was := next.Phase
	j := Journey{Method: st.method}
	for _, step := range st.steps {
		if to := st.method.PhaseAfter(step.Gate.ID); to != nil && st.passedOn(step.Gate.ID) != "" && j.phaseOf(to.ID) > j.phaseOf(next.Phase) {
			next.Phase = to.ID
		}
	}
	if !out.Moved && next.Phase == was {
		return nil
	}
	return p.follow(ctx, st, next, out.Moved)
}

func (p *pastPut) follow(ctx context.Context, st *pastState, next *Governed, moved bool) error {
	before, err := governedOn(ctx, p.tx, st.project)
	if err != nil {
		return err
	}
	from := ""
	if before != nil {
		from = before.Version
	}
	if moved {
		p.tx.Record(Moved{Project: st.project, From: from, To: next.Version, Why: WhyImported})
	} else {
		p.tx.Record(Moved{Project: st.project, From: before.Phase, To: next.Phase, Why: WhyPhase})
	}
	next.Why = WhyImported
	if err := succeed(ctx, p.tx, before, *next); err != nil {
		return err
	}
	now, err := governedOn(ctx, p.tx, st.project)
	if err != nil {
		return err
	}
	if st.made == "" && before != nil {
		st.before = before.ID
	}
	st.governed, st.made = now, now.ID
	_, err = p.tx.ExecContext(ctx, `INSERT INTO past_follow (batch, project_id, governed_id, before_id) VALUES ($1, $2, $3, $4) ON CONFLICT (batch, project_id) DO UPDATE SET governed_id = excluded.governed_id`,
		p.batch, st.project, st.made, st.before)
	return err
}

// end writes what waits and records it.
func (p *pastPut) end(ctx context.Context) error {
	if err := p.write(ctx); err != nil {
		return err
	}
	for _, project := range p.order {
		p.tx.Record(*p.told[project])
	}
	return nil
}
