package portfolio

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"cairn/internal/kit/authz"
)

// Cell is a value of an exported row. Number tells that Text is a plain decimal.
type Cell struct {
	Text   string
	Number bool
}

// exported are the people whom a file names, by their columns.
var exported = []Kind{Sponsor, Manager, Partner}

// ExportHeader names the columns of an export, custom fields after the others.
// An import understands them by itself.
func (s *Service) ExportHeader(ctx context.Context, who authz.Actor) ([]string, error) {
	fields, err := s.AllFields(ctx, who)
	if err != nil {
		return nil, err
	}
	out := []string{"Cairn id"}
	for _, i := range fields {
		out = append(out, i.Label)
	}
	for _, k := range exported {
		out = append(out, k.Label())
	}
	return append(out, "As at"), nil
}

// Export gives the projects of a filter as rows: importing them again changes
// nothing. A missing value with a reason is written as its reason.
func (s *Service) Export(ctx context.Context, who authz.Actor, f Filter) (iter.Seq2[[]Cell, error], error) {
	fields, err := s.AllFields(ctx, who)
	if err != nil {
		return nil, err
	}
	day := f.day(s.unit.Today())
	return func(yield func([]Cell, error) bool) {
		for p, err := range s.every(ctx, who, f) {
			if !yield(exportRow(p, fields, day), err) || err != nil {
				return
			}
		}
	}, nil
}

// listed is a project with the names of the people whom its fields name.
type listed struct {
	Project
	names map[string]string
}

// every walks through all pages of a list.
func (s *Service) every(ctx context.Context, who authz.Actor, f Filter) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		f.Limit, f.AfterID = maxPage, ""
		for {
			page, err := s.List(ctx, who, f)
			if err != nil {
				yield(listed{}, err)
				return
			}
			for _, p := range page.Projects {
				if !yield(listed{p, page.Names}, nil) {
					return
				}
			}
			if page.NextID == "" {
				return
			}
			f.AfterKey, f.AfterID, f.AfterGroup = page.NextKey, page.NextID, page.NextGroup
		}
	}
}

func exportRow(p listed, fields []FieldInfo, day string) []Cell {
	row := []Cell{{Text: p.ID}}
	for _, i := range fields {
		v := p.Facts[i.Field]
		c := Cell{Text: v.Text}
		switch {
		case v.Text == "":
			c.Text = v.Reason
		case i.Type == Money:
			n, _ := p.Facts.Money(i.Field)
			c = Cell{Text: Decimal(n), Number: true}
		case i.Type == OfRating:
			c.Text = ratingLabels[v.Text]
		case i.Type == Number:
			c.Number = true
		case i.Type == PersonRef:
			c.Text = p.names[v.Text]
		}
		if i.Type == Node {
			c.Text = p.Programme
		}
		row = append(row, c)
	}
	for _, k := range exported {
		row = append(row, Cell{Text: strings.Join(p.Who(k), "; ")})
	}
	return append(row, Cell{Text: day})
}

var ratingLabels = map[string]string{"red": "Red", "amber_red": "Amber/Red", "amber": "Amber", "amber_green": "Amber/Green", "green": "Green"}

// Decimal writes minor units as a plain decimal number: -1234.50.
func Decimal(minor int64) string {
	sign, abs := "", uint64(minor)
	if minor < 0 {
		sign, abs = "-", -uint64(minor)
	}
	pence := strconv.FormatUint(abs%100, 10)
	return sign + strconv.FormatUint(abs/100, 10) + "." + strings.Repeat("0", 2-len(pence)) + pence
}

// FilterOf reads a filter from an address, whose parameters get gives. It is
// the address of a list and of the export of that list.
func (s *Service) FilterOf(get func(string) string) (f Filter, err error) {
	f = Filter{
		Find: get("find"), Under: get("under"), OrgUnit: get("org_unit"), Status: get("status"), Phase: get("phase"), Category: get("category"),
		Rating: get("rating"), Person: get("person"), Vanished: get("vanished") != "",
		LiveOnly: get("live") != "" && get("live") != "no", ClosedOnly: get("live") == "no", Where: get("where"), Group: get("group"),
		Sort: strings.TrimPrefix(get("sort"), "-"), Desc: strings.HasPrefix(get("sort"), "-"),
	}
	f.AsAt = get("as_at")
	if known := get("known_at"); known != "" {
		f.KnownAt, err = s.EndOf(known)
	}
	return f, err
}
