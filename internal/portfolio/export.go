package portfolio

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"strconv"
	"strings"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sheet"
)

// Format is how an export is written.
type Format string

// The formats of an export.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	JSON Format = "json"
)

// MediaType is the format in HTTP.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/json"
	case CSV:
	}
	return "text/csv; charset=utf-8"
}

// exported are the people whom a file names, by their columns.
var exported = []Kind{Sponsor, Manager, Partner}

// Export writes the projects of a filter as a file whose columns an import
// understands by itself: importing it again changes nothing. A missing value
// with a reason is written as its reason.
func (s *Service) Export(ctx context.Context, who authz.Actor, f Filter, format Format) ([]byte, error) {
	t := sheet.Table{Title: "Projects", Header: []string{"Cairn id"}}
	for _, i := range Fields {
		t.Header = append(t.Header, i.Label)
	}
	for _, k := range exported {
		t.Header = append(t.Header, k.Label())
	}
	t.Header = append(t.Header, "As at")
	day := f.day(s.unit.Today())
	t.Rows = func(yield func([]sheet.Cell, error) bool) {
		for p, err := range s.every(ctx, who, f) {
			if !yield(exportRow(p, day), err) || err != nil {
				return
			}
		}
	}
	var b bytes.Buffer
	var err error
	switch format {
	case CSV:
		err = t.WriteCSV(&b)
	case XLSX:
		err = t.WriteXLSX(&b)
	case JSON:
		err = writeJSON(&b, t)
	default:
		err = errs.OnField("format", "Choose csv, xlsx or json.")
	}
	return b.Bytes(), err
}

// every walks through all pages of a list.
func (s *Service) every(ctx context.Context, who authz.Actor, f Filter) iter.Seq2[Project, error] {
	return func(yield func(Project, error) bool) {
		f.Limit, f.AfterID = maxPage, ""
		for {
			page, err := s.List(ctx, who, f)
			if err != nil {
				yield(Project{}, err)
				return
			}
			for _, p := range page.Projects {
				if !yield(p, nil) {
					return
				}
			}
			if page.NextID == "" {
				return
			}
			f.AfterKey, f.AfterID = page.NextKey, page.NextID
		}
	}
}

func exportRow(p Project, day string) []sheet.Cell {
	row := []sheet.Cell{{Text: p.ID}}
	for _, i := range Fields {
		v := p.Facts[i.Field]
		c := sheet.Cell{Text: v.Text}
		switch {
		case v.Text == "":
			c.Text = v.Reason
		case i.Type == Money:
			n, _ := p.Facts.Money(i.Field)
			c = sheet.Cell{Text: decimal(n), Number: true}
		case i.Type == OfRating:
			c.Text = ratingLabels[v.Text]
		}
		if i.Type == Node {
			c.Text = p.Programme
		}
		row = append(row, c)
	}
	for _, k := range exported {
		row = append(row, sheet.Cell{Text: strings.Join(p.Who(k), "; ")})
	}
	return append(row, sheet.Cell{Text: day})
}

var ratingLabels = map[string]string{"red": "Red", "amber_red": "Amber/Red", "amber": "Amber", "amber_green": "Amber/Green", "green": "Green"}

// decimal writes minor units as a plain decimal number.
func decimal(minor int64) string {
	sign, abs := "", uint64(minor)
	if minor < 0 {
		sign, abs = "-", -uint64(minor)
	}
	pence := strconv.FormatUint(abs%100, 10)
	return sign + strconv.FormatUint(abs/100, 10) + "." + strings.Repeat("0", 2-len(pence)) + pence
}

func writeJSON(b *bytes.Buffer, t sheet.Table) error {
	out := []map[string]string{}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		one := map[string]string{}
		for i, c := range row {
			if c.Text != "" {
				one[t.Header[i]] = c.Text
			}
		}
		out = append(out, one)
	}
	enc := json.NewEncoder(b)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
