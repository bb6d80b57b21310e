package transfer

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/transfer/sheet"
)

// Origin gives records out: what an import brings in comes out the same way.
type Origin interface {
	// Header names the columns. It authorises.
	Header(ctx context.Context, who authz.Actor) ([]string, error)
	// Rows reads the records of a list, whose address parameters get gives. It
	// authorises.
	Rows(ctx context.Context, who authz.Actor, get func(string) string) (iter.Seq2[[]sheet.Cell, error], error)
	// Compared reads what differs between two dates, which get gives. It authorises.
	Compared(ctx context.Context, who authz.Actor, get func(string) string) (header []string, rows iter.Seq2[[]sheet.Cell, error], err error)
}

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

// Export writes a list as a file.
func (s *Service) Export(ctx context.Context, who authz.Actor, format Format, get func(string) string) ([]byte, error) {
	rows, err := s.origin.Rows(ctx, who, get)
	if err != nil {
		return nil, err
	}
	header, err := s.origin.Header(ctx, who)
	if err != nil {
		return nil, err
	}
	return written(format, sheet.Table{Title: "Projects", Header: header, Rows: rows})
}

// ExportCompared writes what differs between two dates as a file.
func (s *Service) ExportCompared(ctx context.Context, who authz.Actor, format Format, get func(string) string) ([]byte, error) {
	header, rows, err := s.origin.Compared(ctx, who, get)
	if err != nil {
		return nil, err
	}
	return written(format, sheet.Table{Title: "What changed", Header: header, Rows: rows})
}

func written(format Format, t sheet.Table) ([]byte, error) {
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
