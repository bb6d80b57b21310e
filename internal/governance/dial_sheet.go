package governance

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// DialSheet is what the page of a project's dial shows.
type DialSheet struct {
	Project  string
	Method   *method.Method // whose dial asks
	Sheet    Sheet          // the last answers, or what the register suggests
	From     map[string]string
	Last     *Answered
	Result   *method.Result // of the last answers; nil if the dial of today asks more
	Governed *Governed
	Follows  *method.Method // the method that the project follows; nil before the first answer
	Override *Overridden
	Facts    method.Facts

	Down Lowering // to a lower tier than that of the last answers

	MayAnswer, MayOverride, MayOpine bool
}

// Dial reads the dial of a project: as it was answered last, or filled from the
// register where it knows, for one who has never answered it.
func (s *Service) Dial(ctx context.Context, who authz.Actor, project string) (d DialSheet, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeGovernance, authz.On(project)); err != nil {
			return err
		}
		d = DialSheet{Project: project, From: map[string]string{}}
		d.MayAnswer, d.MayOverride = v.Can(ctx, AnswerDial, authz.On(project)), v.Can(ctx, OverrideTier, authz.On(project))
		if d.Last, err = lastAnswered(ctx, v, project); err != nil {
			return err
		}
		if d.Governed, d.Follows, err = s.current(ctx, v, project); err != nil {
			return err
		}
		if _, d.Method, err = s.asker(ctx, v, d.Last, d.Governed); err != nil {
			return err
		}
		if d.Last != nil {
			d.Sheet = d.Last.Sheet
			d.Sheet.Phase = d.Governed.Phase
			if d.Override, err = lastOverride(ctx, v, d.Last.ID); err != nil {
				return err
			}
			if err = s.lowering(ctx, v, &d); err != nil {
				return err
			}
			d.Result, err = d.Method.Decide(d.Last.Answers, method.Register{HandsOver: d.Last.HandsOver, Kind: d.Last.Kind})
			if len(errs.FieldsOf(err)) > 0 { // the version to which it was moved asks more
				d.Result, err = nil, nil
			}
			return err
		}
		return s.suggest(ctx, v, &d)
	})
	return d, err
}

// suggest fills in what the register knows.
func (s *Service) suggest(ctx context.Context, v *work.View, d *DialSheet) error {
	l := loader{ctx: ctx, q: v, projects: []string{d.Project}, out: map[string]*dossier{d.Project: {project: d.Project}}, zone: s.unit.Zone()}
	if err := l.held(); err != nil {
		return err
	}
	facts := method.Facts{}
	l.out[d.Project].register(facts, day(v.Today))
	d.Sheet = Sheet{Kind: "project", HandsOver: true, Answers: method.Answers{}}
	for i := range d.Method.Dial.Questions {
		q := &d.Method.Dial.Questions[i]
		if value, ok := facts[q.PrefilledFrom].(float64); ok {
			if a := within(q, value); a != "" {
				d.Sheet.Answers[q.ID], d.From[q.ID] = []string{a}, "from the register"
			}
		}
	}
	var phase string
	if err := v.QueryRowContext(ctx, `SELECT phase FROM v_project WHERE id = $1`, d.Project).Scan(&phase); err != nil {
		return err
	}
	for i := range d.Method.Phases {
		if p := &d.Method.Phases[i]; strings.EqualFold(p.Name, phase) || strings.EqualFold(p.ID, phase) {
			d.Sheet.Phase = p.ID
		}
	}
	return nil
}

var upTo = regexp.MustCompile(`(?i)up to ([\d,. ]+)(million)?`)

// within finds the answer whose limit holds a number: the limits are read out of
// the labels ("up to 250,000", "up to 3 months"); what is above all of them is the
// last answer.
func within(q *method.Question, value float64) string {
	for i := range q.Answers {
		found := upTo.FindStringSubmatch(q.Answers[i].Label)
		if found == nil {
			continue
		}
		limit, err := strconv.ParseFloat(strings.NewReplacer(",", "", " ", "").Replace(found[1]), 64)
		if err != nil {
			continue
		}
		if found[2] != "" {
			limit *= 1_000_000
		}
		if value <= limit {
			return q.Answers[i].ID
		}
	}
	if n := len(q.Answers); n > 0 {
		return q.Answers[n-1].ID
	}
	return ""
}
