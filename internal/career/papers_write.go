package career

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/career/paper"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// TakeIn fills a draft from pieces of evidence, and begins it if there is none. What
// stands in it already stays as it is.
func (s *Service) TakeIn(ctx context.Context, who authz.Actor, kind paper.Kind, sources []string) error {
	d, f, levels, err := s.filling(ctx, who, kind)
	if err != nil {
		return err
	}
	pieces, err := d.chosen(sources)
	if err != nil {
		return err
	}
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		p, err := paperOf(ctx, tx, who.Person, kind)
		if err != nil {
			return err
		}
		pieces := slices.DeleteFunc(slices.Clone(pieces), func(c *PaperPiece) bool { return standsIn(&p, c.Source) })
		lines := f.lines(kind, pieces, levels, &p, tx.NewID)
		if len(p.Lines)+len(lines) > maxPaperLines {
			return errs.OnField("pieces", "There is room for %d lines. Take some out first.", maxPaperLines)
		}
		tx.Record(Drafting{Person: who.Person})
		if p.Version == 0 {
			p.Values = f.head(kind)
			if err := putPaper(ctx, tx, who.Person, p); err != nil {
				return err
			}
		}
		return addLines(ctx, tx, who.Person, kind, lines)
	})
}

func standsIn(p *paper.Paper, source string) bool {
	return slices.ContainsFunc(p.Lines, func(l paper.Line) bool { return l.Source == source })
}

// chosen finds the pieces that were picked. Nothing at all is picked by no piece: an
// empty paper can be begun too.
func (d *Draft) chosen(sources []string) (out []*PaperPiece, err error) {
	for _, source := range sources {
		i := slices.IndexFunc(d.Pieces, func(p PaperPiece) bool { return p.Source == source })
		if i < 0 {
			return nil, errs.OnField("pieces", "One of these is no piece of evidence of yours that this document takes. Look again.")
		}
		out = append(out, &d.Pieces[i])
	}
	return out, nil
}

// filling reads what a draft is filled from.
func (s *Service) filling(ctx context.Context, who authz.Actor, kind paper.Kind) (d Draft, f dossier, levels []standing.Level, err error) {
	if _, known := paper.SpecOf(kind); !known {
		return d, f, nil, errs.Missing("document")
	}
	st, err := s.Standing(ctx, who)
	if err != nil {
		return d, f, nil, err
	}
	if !st.On {
		return d, f, nil, errOff
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		f, err = s.fileOf(ctx, v, who.Person)
		d.Pieces = f.offered(kind)
		return err
	})
	return d, f, st.Levels, err
}

// drafted reads a draft that has to be there.
func (s *Service) drafted(ctx context.Context, who authz.Actor, kind paper.Kind) (Draft, error) {
	d, err := s.DraftOf(ctx, who, kind)
	switch {
	case err != nil:
		return d, err
	case !d.On:
		return d, errOff
	case d.Paper.Version == 0:
		return d, errs.Missing("draft")
	}
	return d, nil
}

// SetPaper changes the fields of a draft that are not those of a line.
func (s *Service) SetPaper(ctx context.Context, who authz.Actor, kind paper.Kind, version int64, values map[string]string) error {
	d, err := s.drafted(ctx, who, kind)
	if err != nil {
		return err
	}
	if version < 1 {
		return errStale
	}
	values = trimmed(values)
	if err := d.Spec.CheckHead(values); err != nil {
		return err
	}
	return s.draft(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		return putPaper(ctx, tx, who.Person, paper.Paper{Kind: kind, Values: values, Version: version})
	})
}

func (s *Service) draft(ctx context.Context, who authz.Actor, change func(context.Context, *work.Tx) error) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(Drafting{Person: who.Person})
		return change(ctx, tx)
	})
}

// PutLine changes a line, or adds one that no evidence stands behind. What leaves of
// it has to fit its receiver.
func (s *Service) PutLine(ctx context.Context, who authz.Actor, kind paper.Kind, l paper.Line) (id string, err error) {
	d, err := s.drafted(ctx, who, kind)
	if err != nil {
		return "", err
	}
	if l.ID != "" {
		have, ok := d.Paper.Line(l.ID)
		if !ok {
			return "", errs.Missing("line")
		}
		l.Section, l.Source, l.Filled, l.Facts = have.Section, have.Source, have.Filled, have.Facts
	}
	section, ok := d.Spec.Section(l.Section)
	if !ok || l.ID == "" && !section.Typed {
		return "", errs.OnField("section", "This document has no such part.")
	}
	l.Values = trimmed(l.Values)
	if l.Source != "" {
		delete(l.Values, "role_in_work") // the evidence says it
	}
	if err := d.checkLine(section, &l); err != nil {
		return "", err
	}
	err = s.draft(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if id = l.ID; id != "" {
			return changeLine(ctx, tx, who.Person, kind, &l)
		}
		if len(d.Paper.Lines) >= maxPaperLines {
			return errs.OnField("title", "There is room for %d lines. Take some out first.", maxPaperLines)
		}
		l.ID = tx.NewID()
		id = l.ID
		return addLines(ctx, tx, who.Person, kind, []paper.Line{l})
	})
	return id, err
}

func (d *Draft) checkLine(section paper.Section, l *paper.Line) error {
	for _, id := range l.References() {
		if e, ok := d.Paper.Line(id); !ok || e.Section != "evidence" {
			return errs.OnField("evidence", "One of these is no evidence in this document. Look again.")
		}
	}
	leaves := l.Sealed(d.hidden(l.Source))
	return d.Paper.CheckLine(section, l, leaves.Values)
}

// trimmed leaves out what is empty.
func trimmed(values map[string]string) map[string]string {
	out := map[string]string{}
	for name, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			out[name] = v
		}
	}
	return out
}

// TakeOut takes a line out of a draft. Its evidence stays, and can be taken in again.
func (s *Service) TakeOut(ctx context.Context, who authz.Actor, kind paper.Kind, id string) error {
	return s.draft(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM career_paper_line WHERE id = $1 AND person_id = $2 AND kind = $3`, id, who.Person, string(kind))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("line")
		}
		return nil
	})
}

// Discard deletes a draft with its lines.
func (s *Service) Discard(ctx context.Context, who authz.Actor, kind paper.Kind) error {
	return s.draft(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM career_paper_line WHERE person_id = $1 AND kind = $2`, who.Person, string(kind)); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `DELETE FROM career_paper WHERE person_id = $1 AND kind = $2`, who.Person, string(kind))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errs.Missing("draft")
		}
		return nil
	})
}
