package governance

import (
	"context"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// DialAsked says whether the dial of a project has to be asked again before it may
// pass a gate, and how it was answered last.
type DialAsked struct {
	Due       bool
	On        clock.Day // of the last answers; empty if there are none
	ByName    string
	Confirmed bool        // they say that nothing has changed
	Gave      method.Tier // by the last answers
	Since     string      // the gate that was decided last; empty before the first
	SinceOn   clock.Day   // its day
	Then      method.Tier // at that gate; NoTier before the first

	at, imported int64 // microseconds; imported: when a file put the project under its method
}

// dialDue reports whether the dial has to be asked: once since the gate that was
// decided last, or since the project came under its method. Gates that a file tells
// of are not asked, and a method without a dial asks nobody who never answered one.
// All times are in microseconds, 0 for never.
func dialDue(hasDial bool, answered, decided, imported int64) bool {
	if answered == 0 {
		return hasDial
	}
	return answered < max(decided, imported)
}

// askDial fills in whether the dial is due, after what was decided so far.
func (j *Journey) askDial(decisions []GateDecision, reviews []Review) {
	d := &j.Dial
	var decided int64
	if n := len(decisions); n > 0 {
		last := &decisions[n-1]
		decided, d.Since, d.SinceOn = last.DecidedAt, last.Gate, last.DecidedOn
		for i := range reviews {
			if reviews[i].ID == last.Review {
				d.Then = reviews[i].Tier
			}
		}
	}
	d.Due = dialDue(j.Method.Dial != nil, d.at, decided, d.imported)
}

// Missing says why no gate can be passed before the dial was asked, and who does
// what about it; empty when it was.
func (d DialAsked) Missing() string {
	const who = "; the project manager, the sponsor or the PMO answers it again, or confirms with one click that nothing has changed"
	switch {
	case !d.Due:
		return ""
	case d.On == "":
		return "nobody has answered the dial of this project; the project manager, the sponsor or the PMO answers it"
	case d.Since == "":
		return "the dial has not been asked since a file put the project under its method" + who
	}
	return "the dial has not been asked again since " + GateLabel(d.Since) + " was decided on " + d.SinceOn + who
}

// ConfirmDial says that nothing has changed since the dial was answered: the same
// answers are given again, in the name of who confirms, and what they result in
// holds. An overridden tier ends with that, as it does when they are given anew.
func (s *Service) ConfirmDial(ctx context.Context, who authz.Actor, project string) (r *method.Result, err error) {
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, AnswerDial, authz.On(project)); err != nil {
			return err
		}
		last, err := lastAnswered(ctx, tx, project)
		if err != nil {
			return err
		}
		if last == nil {
			return errs.New(errs.Conflict, "Nobody has answered the dial of this project yet. Answer it first.")
		}
		j, err := s.journey(ctx, tx, project, tx.Today)
		if err != nil {
			return err
		}
		sheet := last.Sheet
		sheet.Phase, sheet.AtGate = "", "" // where it stands is known
		if next := j.Next(); next != nil {
			sheet.AtGate = next.Gate.ID
		}
		r, err = s.answer(ctx, tx, project, sheet, last, last.ID)
		if len(errs.FieldsOf(err)) > 0 {
			return errs.New(errs.Conflict, "The dial asks more than when it was answered last. Answer it again.")
		}
		return err
	})
	return r, err
}
