package career

import (
	"context"
	"slices"
	"strings"

	"cairn/internal/career/paper"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
)

// File is a file to keep.
type File struct {
	Name, MediaType string
	Content         []byte
}

// mediaTypes of the formats; a workbook's is what its writer says.
var mediaTypes = map[paper.Format]string{paper.PDF: "application/pdf", paper.JSON: "application/json"}

// TakeAway writes a draft as a file, with nothing in it that the person leaves out.
// What its receiver would refuse as too long is refused here, by line.
func (s *Service) TakeAway(ctx context.Context, who authz.Actor, kind paper.Kind, format paper.Format) (f File, err error) {
	d, err := s.drafted(ctx, who, kind)
	if err != nil {
		return f, err
	}
	if !slices.Contains(d.Spec.Formats, format) {
		return f, errs.OnField("format", "Choose %s.", either(formats(d.Spec)))
	}
	if over := d.Over(); len(over) > 0 {
		var c errs.Check
		for _, l := range over {
			c.Add("format", "%s: its description is %d characters longer than the receiver takes. Shorten it first.", l.Get("title"), d.Leaves.Over(l.Values))
		}
		return f, c.Err()
	}
	if f, err = s.write(&d.Leaves, format); err != nil {
		return f, err
	}
	lines := 0
	for i := range d.Leaves.Lines {
		if !d.Leaves.Lines[i].Gone {
			lines++
		}
	}
	err = s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		tx.Record(TakenAway{Person: who.Person, Kind: kind, Format: format, Lines: lines})
		return nil
	})
	return f, err
}

func formats(s paper.Spec) (out []string) {
	for _, f := range s.Formats {
		out = append(out, string(f))
	}
	return out
}

func (s *Service) write(p *paper.Paper, format paper.Format) (f File, err error) {
	f.Name, f.MediaType = strings.ReplaceAll(names[p.Kind], " ", "-")+"."+string(format), mediaTypes[format]
	switch format {
	case paper.XLSX:
		f.Content, f.MediaType, err = s.sheets.Workbook(p.Sheets())
	case paper.JSON:
		f.Content, err = p.Resume()
	default:
		f.Content, err = p.Print()
	}
	return f, err
}

// names of files, without what they are about.
var names = map[paper.Kind]string{paper.Application: "application entries", paper.Matrix: "competency matrix", paper.CV: "cv"}
