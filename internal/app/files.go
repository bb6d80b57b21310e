package app

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

// ImportReport is what an import at the command line did.
type ImportReport = transfer.Report

// ImportOptions are what the command line says about an import.
type ImportOptions struct {
	Sheet, Profile, Source, AsAt, Dates string
	Repeated                            string // first, refuse or all
	GoodRows, DryRun                    bool
	Refused                             string // file for refused rows
}

// ImportFile imports one file as the operator. An Invalid error says why it
// could not be begun.
func (a *App) ImportFile(ctx context.Context, name string, o ImportOptions) (rep ImportReport, err error) {
	f, err := os.Open(name)
	if err != nil {
		return rep, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return rep, err
	}
	src, err := transfer.Read(f, info.Size(), filepath.Base(name))
	if err != nil {
		return rep, err
	}
	plan, err := a.Transfer.PlanFor(ctx, authz.AtCommandLine(), src, transfer.Wish{
		Sheet: o.Sheet, Profile: o.Profile, Source: o.Source, AsAt: o.AsAt, Dates: reading.Order(o.Dates), Repeated: o.Repeated, GoodOnly: o.GoodRows,
	})
	if err != nil {
		return rep, err
	}
	rep, err = a.Transfer.Run(ctx, authz.AtCommandLine(), src, plan, o.DryRun)
	rep.File = name
	if err == nil && o.Refused != "" && rep.RefusedRows > 0 {
		var back []byte
		if back, err = rep.RefusedCSV(); err == nil {
			err = os.WriteFile(o.Refused, back, 0o600)
		}
	}
	return rep, err
}

// Named names a few columns of a file.
func Named(headers []string) string { return transfer.Quoted(headers) }

// SourceName names the source of files that have no name for it.
func SourceName(file string) string { return transfer.SourceOf(file) }

// ExportProjects writes the register as a file, as the operator. Known is a day
// or a moment (RFC 3339); both dates may be empty.
func (a *App) ExportProjects(ctx context.Context, asAt, known, format string) ([]byte, error) {
	t, err := time.Parse(time.RFC3339, known)
	if err != nil { // a day, or nothing
		return a.Transfer.Export(ctx, authz.AtCommandLine(), transfer.Format(format), func(name string) string {
			return map[string]string{"as_at": asAt, "known_at": known}[name]
		})
	}
	moment := transfer.NewService(a.Unit, projectSink{a.Portfolio, a.People}, knownAt{projectOrigin{a.Portfolio}, portfolio.When{AsAt: asAt, KnownAt: sqldb.Micros(t)}})
	return moment.Export(ctx, authz.AtCommandLine(), transfer.Format(format), func(string) string { return "" })
}

// knownAt gives projects out as they were known at a moment.
type knownAt struct {
	projectOrigin
	when portfolio.When
}

// Rows implements transfer.Origin.
func (k knownAt) Rows(ctx context.Context, who authz.Actor, _ func(string) string) (iter.Seq2[[]sheet.Cell, error], error) {
	return k.rows(ctx, who, portfolio.Filter{When: k.when})
}

// RefusedWhole is the report of a file that could not be begun.
func RefusedWhole(name string, err error) ImportReport {
	rep := ImportReport{File: name}
	for _, f := range errs.FieldsOf(err) {
		rep.Refused = append(rep.Refused, transfer.Refusal{Column: f.Name, Message: f.Message})
	}
	return rep
}
