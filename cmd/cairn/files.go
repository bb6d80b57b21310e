package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"cairn/internal/app"
	"cairn/internal/kit/errs"
)

type importCmd struct {
	Projects importProjects `cmd:"" help:"Bring projects in from CSV or XLSX files. Exit status 2 if anything was refused."`
	Undo     importUndo     `cmd:"" help:"Take an import back, within 30 days: what it wrote and nobody changed since."`
}

type importUndo struct {
	common
	ID     string `arg:"" help:"Id of the import, as its page or the API gives it."`
	DryRun bool   `help:"Show what would be put back and change nothing."`
	JSON   bool   `help:"Say the result as JSON."`
}

// Run takes an import back, or shows what that would do.
func (c importUndo) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	u, err := a.UndoImport(ctx, c.ID, c.DryRun)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(out).Encode(u)
	}
	verb := "undone"
	if c.DryRun {
		verb = "dry run, nothing was changed"
	}
	_, err = fmt.Fprintf(out, "%s: %s. %d values put back, %d left since somebody changed them later; %d projects withdrawn, %d of them with other work; %d assignments taken back.\n",
		c.ID, verb, u.Restored, u.Kept, u.Withdrawn, u.WithWork, u.Assignments)
	return err
}

type importProjects struct {
	common
	Files    []string `arg:"" help:"The files, oldest first." type:"existingfile"`
	Profile  string   `help:"Read the columns as a remembered profile says."`
	Sheet    string   `help:"Worksheet of the workbook to read; by default the first one that shows a register." placeholder:"NAME"`
	Source   string   `help:"Name of the source, which gives its ids their meaning; by default made from the first file's name." placeholder:"NAME"`
	AsAt     string   `help:"Date since when the files' facts hold; by default what a column says, otherwise today." placeholder:"YYYY-MM-DD"`
	Dates    string   `help:"How 03/04/2026 is to be read where the values do not say: dmy or mdy." enum:",dmy,mdy" default:""`
	Repeated string   `help:"Of rows that repeat a record: first takes the first and leaves the others out, refuse refuses the others, all refuses all of them." enum:"first,refuse,all" default:"refuse"`
	GoodRows bool     `help:"Apply the good rows and give the refused ones back, instead of all or nothing."`
	Refused  string   `help:"Write refused rows with their reasons to this file." placeholder:"FILE"`
	DryRun   bool     `help:"Show what would happen and change nothing."`
	JSON     bool     `help:"Say the result as JSON."`
}

// Run imports the files, one after the other, each whole or not at all.
func (c importProjects) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	o := app.ImportOptions{Sheet: c.Sheet, Repeated: c.Repeated, Profile: c.Profile, Source: c.Source, AsAt: c.AsAt, Dates: c.Dates, GoodRows: c.GoodRows, DryRun: c.DryRun, Refused: c.Refused}
	if o.Source == "" && c.Profile == "" {
		o.Source = app.SourceName(c.Files[0]) // files of one command are of one source
	}
	reports := []app.ImportReport{}
	refused := false
	for _, name := range c.Files {
		rep, err := a.ImportFile(ctx, name, o)
		if errs.Is(err, errs.Invalid) && c.JSON {
			rep = app.RefusedWhole(name, err)
		} else if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		refused = refused || len(rep.Refused) > 0
		reports = append(reports, rep)
		if !c.JSON {
			say(out, rep, c.DryRun)
		}
	}
	if c.JSON {
		if err := json.NewEncoder(out).Encode(reports); err != nil {
			return err
		}
	}
	if !c.DryRun {
		if err := a.CatchUp(ctx); err != nil {
			return err
		}
	}
	if refused {
		return exit(2)
	}
	return nil
}

func say(out io.Writer, r app.ImportReport, dry bool) {
	verb := "applied"
	switch {
	case dry:
		verb = "dry run, nothing was changed"
	case !r.Applied:
		verb = "NOT applied, nothing was changed"
	}
	_, _ = fmt.Fprintf(out, "%s: %s. %d rows: %d created, %d changed, %d unchanged, %d refused; %d vanished.\n", r.File, verb, r.Rows, r.Created, r.Changed, r.Unchanged, r.RefusedRows, r.Vanished)
	if r.LeftOut > 0 {
		_, _ = fmt.Fprintf(out, "  %d rows repeat a record and were left out\n", r.LeftOut)
	}
	for _, n := range r.Notes {
		_, _ = fmt.Fprintf(out, "  note: %s\n", n)
	}
	if n := len(r.NotTaken); n > 0 {
		_, _ = fmt.Fprintf(out, "  columns not taken: %s\n", app.Named(r.NotTaken))
	}
	if r.ID != "" {
		_, _ = fmt.Fprintf(out, "  To take it back within 30 days: cairn import undo %s\n", r.ID)
	}
	for i, f := range r.Refused {
		if i == 20 {
			_, _ = fmt.Fprintf(out, "  and %d more\n", max(len(r.Refused), r.RefusedRows)-i)
			break
		}
		place := fmt.Sprintf("row %d", f.Row)
		if f.Row == 0 {
			place = "whole column"
		}
		if f.Column != "" {
			place += ", " + strings.Join(strings.Fields(f.Column), " ")
		}
		_, _ = fmt.Fprintf(out, "  %s: %s\n", place, f.Message)
	}
}

type exportCmd struct {
	Projects exportProjects `cmd:"" help:"Write the projects, as at a date."`
}

type exportProjects struct {
	common
	AsAt    string `help:"The facts that hold on this date; today by default." placeholder:"YYYY-MM-DD"`
	KnownAt string `help:"As far as Cairn knew them when this day ended, or at this moment; now by default." placeholder:"YYYY-MM-DD|RFC3339"`
	Format  string `help:"csv, xlsx or json." enum:"csv,xlsx,json" default:"csv"`
	Output  string `help:"File to write; standard output by default." short:"o" placeholder:"FILE"`
}

// Run exports.
func (c exportProjects) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // a reading has nothing to lose
	b, err := a.ExportProjects(ctx, c.AsAt, c.KnownAt, c.Format)
	if err != nil {
		return err
	}
	if c.Output == "" || c.Output == "-" {
		_, err = out.Write(b)
		return err
	}
	return os.WriteFile(c.Output, b, 0o600)
}
