package career

import (
	"context"

	"cairn/internal/career/paper"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// Sheets writes tables as one workbook, in which no text is taken for a formula. What
// keeps spreadsheets implements it.
type Sheets interface {
	Workbook(sheets []paper.Sheet) (content []byte, mediaType string, err error)
}

// PapersWith gives what papers are made with beside the evidence: the writer of
// workbooks, and the organisation's name.
func (s *Service) PapersWith(sheets Sheets, organisation func() string) {
	s.sheets, s.organisation = sheets, organisation
}

// Office is the organisation's name; empty while it has none.
func (s *Service) Office() string {
	if s.organisation == nil {
		return ""
	}
	return s.organisation()
}

// Draft is a paper as a person edits it, and as it leaves.
type Draft struct {
	On     bool
	Spec   paper.Spec
	Paper  paper.Paper  // as typed; of version 0 while there is none
	Leaves paper.Paper  // with what the person leaves out taken out
	Pieces []PaperPiece // of evidence that it can be filled from
	hidden func(source string) paper.Hidden
}

// Taken reports whether a piece of evidence stands in the draft.
func (d *Draft) Taken(source string) bool {
	for i := range d.Paper.Lines {
		if d.Paper.Lines[i].Source == source {
			return true
		}
	}
	return false
}

// Over lists the lines whose description is longer than their receiver takes.
func (d *Draft) Over() (out []*paper.Line) {
	for i := range d.Leaves.Lines {
		if l := &d.Leaves.Lines[i]; !l.Gone && d.Leaves.Over(l.Values) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// DraftOf reads the draft of one kind of paper. While the career is off it says so
// and reads nothing.
func (s *Service) DraftOf(ctx context.Context, who authz.Actor, kind paper.Kind) (d Draft, err error) {
	spec, known := paper.SpecOf(kind)
	if !known {
		return d, errs.Missing("document")
	}
	d.Spec = spec
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		f, err := s.fileOf(ctx, v, who.Person)
		if d.On = f.ledger.On; err != nil || !d.On {
			return err
		}
		d.Pieces = f.offered(kind)
		d.Paper, err = paperOf(ctx, v, who.Person, kind)
		if err != nil {
			return err
		}
		d.Paper.Today, d.Paper.Levels = v.Today, f.levels()
		f.face(&d.Paper)
		d.Leaves, d.hidden = f.seal(d.Paper), f.hides
		return nil
	})
	return d, err
}

// Started says which papers a person has begun, with the number of their lines.
type Started struct {
	Kind    paper.Kind
	Lines   int
	Version int64
}

// Papers lists the drafts that a person has; on is false while their career is off.
func (s *Service) Papers(ctx context.Context, who authz.Actor) (list []Started, on bool, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		if on, err = isOn(ctx, v, who.Person); err != nil || !on {
			return err
		}
		list, err = startedOf(ctx, v, who.Person)
		return err
	})
	return list, on, err
}

// Drafting is the event of somebody who edits a paper. Only they may read it, and it
// says nothing of what stands there.
type Drafting struct {
	Person string `json:"person"`
}

// Activity implements activity.Event.
func (e Drafting) Activity() activity.Meta {
	return activity.Meta{Verb: "career.document_drafted", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}

// TakenAway is the event of a paper that its person took away as a file. Only they may
// read it.
type TakenAway struct {
	Person string       `json:"person"`
	Kind   paper.Kind   `json:"kind"`
	Format paper.Format `json:"format"`
	Lines  int          `json:"lines"`
}

// Activity implements activity.Event.
func (e TakenAway) Activity() activity.Meta {
	return activity.Meta{Verb: "career.document_exported", Version: 1, SubjectKind: "person", SubjectID: e.Person, Audience: e.Person}
}
