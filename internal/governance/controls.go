package governance

import (
	"context"
	"slices"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Control is how one control of a project stands on a day.
type Control struct {
	*method.Control
	Timing   method.Timing
	State    string    // of a segment
	Via, Ref string    // what shows it
	Since    clock.Day // from when it is so
	Until    clock.Day // when it ends to be so by itself; empty if it does not
	DueAt    string    // gate; empty for one that comes round
	Words    []Word    // newest first, those taken back too
	Waiver   *Waiver   // that holds, or waits for its decision
	Findings []Finding // open ones
	Absent   []string  // facts that the record does not hold
	AskUse   bool      // fulfilled in the last weeks, and the reader has not said yet how it was
}

// Sheaf is what is asked of a project, and how it stands.
type Sheaf struct {
	Project  string
	At       clock.Day
	Governed *Governed // nil: nobody answered the dial
	Over     bool      // nobody answered it, and the project is closed or cancelled
	Method   *method.Method
	Version  Version
	Asked    *method.Requirement
	Last     *Answered
	Override *Overridden
	AskAgain []method.AskedAgain // why the dial is to be looked at again
	Leave    []string            // why the method is to be left
	Controls []Control           // those of the phase, in the method's order
	Later    []*method.Control   // of later phases
	Newer    *Version            // a newer version of the method
	Facts    method.Facts
	Reader   string // who reads it

	MayAnswer, MayOverride, MaySpeak, MayAssess, MayFind, MayWaive, MayMove, MayUse bool
}

// Count counts the controls in a state.
func (s Sheaf) Count(state string) (n int) {
	for _, c := range s.Controls {
		if c.State == state {
			n++
		}
	}
	return n
}

// Controls tells what is asked of a project and how it stands on a day; no day is
// today.
func (s *Service) Controls(ctx context.Context, who authz.Actor, project string, at clock.Day) (out Sheaf, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.On(project)); err != nil {
			return err
		}
		r, err := s.recordOf(ctx, v, project)
		if err != nil {
			return err
		}
		out, err = s.sheafOn(ctx, v, r, or(at, v.Today))
		return err
	})
	return out, err
}

// record is what was read of a project, with the states that follow from it.
type record struct {
	project string
	dossier *dossier // nil: nobody has answered its dial
	methods map[string]*method.Method
	all     []Segment
}

func (s *Service) recordOf(ctx context.Context, q sqldb.Querier, project string) (r record, err error) {
	r.project = project
	dossiers, methods, err := s.dossiers(ctx, q, []string{project})
	if err != nil {
		return r, err
	}
	if r.dossier, r.methods = dossiers[project], methods; r.dossier != nil {
		r.all = s.segments(r.dossier, methods)
	}
	return r, nil
}

// on gives the states of controls on a day.
func (r record) on(at clock.Day) map[string]Segment {
	now := map[string]Segment{}
	for _, seg := range r.all {
		if seg.From <= at && at < seg.To {
			now[seg.Control] = seg
		}
	}
	return now
}

func (s *Service) sheafOn(ctx context.Context, v *work.View, r record, at clock.Day) (Sheaf, error) {
	out, on := Sheaf{Project: r.project, At: at, Reader: v.Who.Person}, authz.On(r.project)
	out.MayAnswer, out.MayOverride, out.MaySpeak = v.Can(ctx, AnswerDial, on), v.Can(ctx, OverrideTier, on), v.Can(ctx, SpeakOfControl, on)
	out.MayAssess, out.MayFind, out.MayWaive = v.Can(ctx, AssessControl, on), v.Can(ctx, RaiseFinding, on), v.Can(ctx, AskWaiver, on)
	out.MayMove, out.MayUse = v.Can(ctx, MoveProjects, on), v.Can(ctx, AnswerControl, on)
	return out, s.sheaf(ctx, v, r, &out)
}

func (s *Service) sheaf(ctx context.Context, v *work.View, r record, out *Sheaf) (err error) {
	d, methods := r.dossier, r.methods
	if d == nil {
		return v.QueryRowContext(ctx, `SELECT COUNT(*) > 0 FROM v_project_name WHERE id = $1 AND status IN ('Closed', 'Cancelled')`, out.Project).Scan(&out.Over)
	}
	if out.Last, err = lastAnswered(ctx, v, out.Project); err != nil {
		return err
	}
	for i := range d.governed {
		if d.governed[i].On(out.At) {
			out.Governed = &d.governed[i]
		}
	}
	if out.Governed == nil {
		return nil
	}
	g := out.Governed
	out.Method = methods[g.Version]
	if out.Version, _, err = getVersion(ctx, v, g.Version); err != nil {
		return err
	}
	if last, _, err := newest(ctx, v, out.Version.Method); err != nil {
		return err
	} else if last.ID != g.Version {
		out.Newer = &last
	}
	if g.Why == WhyOverridden {
		if out.Override, err = lastOverride(ctx, v, g.Dial); err != nil {
			return err
		}
	}
	out.Asked = s.require(g.Version, out.Method, g.Tier, g.Involves)
	out.Facts = d.facts(out.Method, g, day(out.At))
	out.AskAgain, out.Leave = out.Method.AskAgain(g.Tier, out.Facts), out.Method.Leave(g.Tier, out.Facts)
	return s.fill(ctx, v, out, r.on(out.At))
}

// fill puts the controls of the day together.
func (s *Service) fill(ctx context.Context, v *work.View, out *Sheaf, now map[string]Segment) error {
	words, err := wordsOf(ctx, v, []string{out.Project}, "")
	if err != nil {
		return err
	}
	var w sqldb.Where
	w.And("w.project_id = ?", out.Project)
	waivers, err := waiversWhere(ctx, v, &w, "w.asked_at, w.id")
	if err != nil {
		return err
	}
	if err := opinionsOf(ctx, v, waivers); err != nil {
		return err
	}
	var f sqldb.Where
	f.And("f.project_id = ? AND f.state = 'open'", out.Project)
	findings, err := findingsWhere(ctx, v, &f, "f.raised_at DESC, f.id DESC")
	if err != nil {
		return err
	}
	said, err := saidThisMonth(ctx, v, out.Project)
	if err != nil {
		return err
	}
	for _, c := range out.Asked.Controls {
		seg, ok := now[c.ID]
		if !ok {
			if out.Method.TimingOf(c, out.Governed.Tier, out.Governed.Phase) == method.NotYet {
				out.Later = append(out.Later, c)
			}
			continue
		}
		x := Control{Control: c, Timing: out.Method.TimingOf(c, out.Governed.Tier, out.Governed.Phase), State: seg.State, Via: seg.Via, Ref: seg.Ref, Since: seg.From, DueAt: out.Method.DueAt(c, out.Governed.Tier)}
		if seg.To < Lasting {
			x.Until = seg.To
		}
		if usesFacts(c) && x.State != Evidenced {
			x.Absent = out.Method.AbsentFacts(c, out.Facts)
		}
		x.gather(out, words, waivers, findings)
		x.AskUse = out.MayUse && !said[c.ID] && x.State == Evidenced && x.Via != "fact" && clock.AddDays(x.Since, 31) >= out.At
		out.Controls = append(out.Controls, x)
	}
	return nil
}

// gather adds what was said, waived and found about the control.
func (c *Control) gather(out *Sheaf, words []Word, waivers []Waiver, findings []Finding) {
	for _, w := range slices.Backward(words) {
		if w.Control == c.ID {
			c.Words = append(c.Words, w)
		}
	}
	for i := range waivers {
		if w := &waivers[i]; w.Control == c.ID && (w.State == WaiverAsked || w.Holds(out.At)) {
			decides(out.Method, w)
			c.Waiver = w
		}
	}
	for _, f := range findings {
		if f.Control == c.ID {
			c.Findings = append(c.Findings, f)
		}
	}
}

// saidThisMonth tells about which controls of a project the reader has said this
// month how they were.
func saidThisMonth(ctx context.Context, v *work.View, project string) (map[string]bool, error) {
	rows, err := v.QueryContext(ctx, `SELECT control_id FROM control_answer WHERE project_id = $1 AND person_id = $2 AND month = $3`, project, v.Who.Person, v.Today[:7])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}
