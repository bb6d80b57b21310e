package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cairn/internal/app"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/sqldb"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
)

type importCmd struct {
	Projects importProjects `cmd:"" help:"Bring projects in from CSV or XLSX files. Exit status 2 if anything was refused."`
}

type importProjects struct {
	common
	Files    []string `arg:"" help:"The files, oldest first." type:"existingfile"`
	Profile  string   `help:"Read the columns as a remembered profile says."`
	Source   string   `help:"Name of the source, which gives its ids their meaning; by default made from the first file's name." placeholder:"NAME"`
	AsAt     string   `help:"Date since when the files' facts hold; by default what a column says, otherwise today." placeholder:"YYYY-MM-DD"`
	Dates    string   `help:"How 03/04/2026 is to be read where the values do not say: dmy or mdy." enum:",dmy,mdy" default:""`
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
	reports := []transfer.Report{}
	refused := false
	for _, name := range c.Files {
		rep, err := c.one(ctx, a, name)
		if errs.Is(err, errs.Invalid) && c.JSON {
			rep = refusedWhole(name, err)
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

// refusedWhole is the report of a file that could not be begun.
func refusedWhole(name string, err error) transfer.Report {
	rep := transfer.Report{File: name}
	for _, f := range errs.FieldsOf(err) {
		rep.Refused = append(rep.Refused, transfer.Refusal{Column: f.Name, Message: f.Message})
	}
	return rep
}

func (c importProjects) one(ctx context.Context, a *app.App, name string) (rep transfer.Report, err error) {
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
	plan, err := c.plan(ctx, a, src)
	if err != nil {
		return rep, err
	}
	rep, err = a.Transfer.Run(ctx, authz.AtCommandLine(), src, plan, c.DryRun)
	rep.File = name
	if err == nil && c.Refused != "" && rep.RefusedRows > 0 {
		var back []byte
		if back, err = rep.RefusedCSV(); err == nil {
			err = os.WriteFile(c.Refused, back, 0o600)
		}
	}
	return rep, err
}

func (c importProjects) plan(ctx context.Context, a *app.App, src transfer.Source) (transfer.Plan, error) {
	preview, err := transfer.Propose(src.File, "", a.Transfer.Fields())
	if err != nil {
		return transfer.Plan{}, err
	}
	plan := preview.Plan
	plan.Source = transfer.SourceOf(c.Files[0])
	if c.Profile != "" {
		kept, err := a.Transfer.Profile(ctx, authz.AtCommandLine(), c.Profile)
		if err != nil {
			return plan, err
		}
		plan = kept.Fit(plan)
	} else if len(preview.Missing) > 0 {
		return plan, errs.OnField("columns", "No column was found for: %s.", strings.Join(preview.Missing, ", "))
	}
	if c.Source != "" {
		plan.Source = c.Source
	}
	plan.AsAt, plan.GoodOnly = c.AsAt, c.GoodRows
	for i := range plan.Columns {
		if c.Dates != "" && plan.Columns[i].Order == reading.Unsettled {
			plan.Columns[i].Order = reading.Order(c.Dates)
		}
	}
	return plan, nil
}

func say(out io.Writer, r transfer.Report, dry bool) {
	verb := "applied"
	switch {
	case dry:
		verb = "dry run, nothing was changed"
	case !r.Applied:
		verb = "NOT applied, nothing was changed"
	}
	_, _ = fmt.Fprintf(out, "%s: %s. %d rows: %d created, %d changed, %d unchanged, %d refused; %d vanished.\n", r.File, verb, r.Rows, r.Created, r.Changed, r.Unchanged, r.RefusedRows, r.Vanished)
	for i, f := range r.Refused {
		if i == 20 {
			_, _ = fmt.Fprintf(out, "  and %d more\n", len(r.Refused)-i)
			break
		}
		_, _ = fmt.Fprintf(out, "  row %d, %s: %s\n", f.Row, f.Column, f.Message)
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
	f := portfolio.Filter{When: portfolio.When{AsAt: c.AsAt}}
	if c.KnownAt != "" {
		if t, bad := time.Parse(time.RFC3339, c.KnownAt); bad == nil {
			f.KnownAt = sqldb.Micros(t)
		} else if f.KnownAt, err = a.Portfolio.EndOf(c.KnownAt); err != nil {
			return err
		}
	}
	b, err := a.Portfolio.Export(ctx, authz.AtCommandLine(), f, portfolio.Format(c.Format))
	if err != nil {
		return err
	}
	if c.Output == "" || c.Output == "-" {
		_, err = out.Write(b)
		return err
	}
	return os.WriteFile(c.Output, b, 0o600)
}
