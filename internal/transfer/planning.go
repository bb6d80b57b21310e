package transfer

import (
	"context"
	"fmt"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/transfer/sheet"
)

// Wish is what somebody says about reading a file without a mapping screen.
type Wish struct {
	Sheet, Profile, Source string
	AsAt                   clock.Day
	Dates                  reading.Order // where the values do not say
	Repeated               string        // first, refuse or all; empty is refuse
	GoodOnly               bool
	Kind                   string // what it is brought in for
}

// PlanFor is the plan by which a file is read: that of the profile, or the
// proposed one if it finds all that is needed.
func (s *Service) PlanFor(ctx context.Context, who authz.Actor, src Source, w Wish) (Plan, error) {
	if err := s.may(ctx, who); err != nil {
		return Plan{}, err
	}
	var kept *Plan
	if w.Profile != "" {
		p, err := s.Profile(ctx, who, w.Kind, w.Profile)
		if err != nil {
			return Plan{}, err
		}
		kept = &p
	}
	fields, err := s.Fields(ctx, who, w.Kind)
	if err != nil {
		return Plan{}, err
	}
	preview, err := proposeAs(src.File, w.Sheet, fields, kept)
	if err != nil {
		return Plan{}, err
	}
	plan := preview.Plan
	plan.Kind = w.Kind
	if kept == nil && preview.score == 0 {
		return plan, errs.OnField("columns", "No row of this file names its columns, so that none was found for: %s. Put a row with such names as Project name, Start date and Budget above the first record.",
			strings.Join(preview.Missing, ", "))
	}
	if kept == nil && len(preview.Missing) > 0 {
		return plan, errs.OnField("columns", "No column was found for: %s. %s Rename a column, or map them on the import page and keep that as a profile.",
			strings.Join(preview.Missing, ", "), plan.headers())
	}
	if w.Source != "" {
		plan.Source = w.Source
	}
	if plan.Source == "" {
		plan.Source = SourceOf(src.Name)
	}
	if w.Repeated != "" {
		if plan.Repeated, err = repeatedOf(w.Repeated); err != nil {
			return plan, err
		}
	}
	plan.AsAt, plan.GoodOnly = w.AsAt, w.GoodOnly
	for i := range plan.Columns {
		if plan.Columns[i].Order == reading.Unsettled {
			plan.Columns[i].Order = w.Dates
		}
	}
	return plan, nil
}

// proposeAs proposes a plan, and lays a kept one over it: in its worksheet, if
// the file has that.
func proposeAs(f *sheet.File, name string, fields []Field, kept *Plan) (Preview, error) {
	if kept != nil && name == "" {
		for _, w := range f.Sheets {
			if w.Name == kept.Sheet {
				name = w.Name
			}
		}
	}
	p, err := Propose(f, name, fields)
	if err == nil && kept != nil {
		p.Plan = kept.Fit(p.Plan)
	}
	return p, err
}

func repeatedOf(word string) (Repeated, error) {
	switch word {
	case "refuse":
		return RefuseLater, nil
	case "first", "all":
		return Repeated(word), nil
	}
	return "", errs.OnField("repeated", "Say first, refuse or all.")
}

// mostNamed is how many headers a message names, and headerRunes how much of each.
const mostNamed, headerRunes = 6, 30

// headers says where the headers stand, and which the first are.
func (p Plan) headers() string {
	var names []string
	for _, c := range p.Columns[:min(mostNamed, len(p.Columns))] {
		name := []rune(strings.Join(strings.Fields(c.Header), " "))
		if len(name) > headerRunes {
			name = append(name[:headerRunes], '…')
		}
		names = append(names, "“"+string(name)+"”")
	}
	if len(p.Columns) > mostNamed {
		names = append(names, "and so on")
	}
	where := fmt.Sprintf("Row %d", p.HeaderRow)
	if p.Transposed {
		where = "The first column"
	}
	return where + " was taken for the header: " + strings.Join(names, ", ") + "."
}
