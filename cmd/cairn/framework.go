package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"cairn/internal/career"
	"cairn/internal/career/framework"
	"cairn/internal/career/framework/check"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

type frameworkCmd struct {
	Check  frameworkCheck  `cmd:"" help:"Say what is wrong with a framework, by line. Needs no database; exit status 2 if it cannot be published."`
	Export frameworkExport `cmd:"" help:"Write the framework in force, or an older version, as YAML or its competencies as CASE 1.1."`
	Import frameworkImport `cmd:"" help:"Make a file the draft of the next version, or publish it. Exit status 2 if something is wrong with it."`
}

type frameworkCheck struct {
	File string `arg:"" optional:"" help:"The YAML file; by default the framework that comes with Cairn." type:"existingfile"`
}

// Run checks a file.
func (c frameworkCheck) Run(out io.Writer) error {
	file, name := framework.DefaultFile(), "the framework that comes with Cairn"
	if c.File != "" {
		var err error
		if file, err = os.ReadFile(c.File); err != nil {
			return err
		}
		name = c.File
	}
	f, problems := check.Check(file)
	if err := tellProblems(out, name, problems); err != nil {
		return err
	}
	if f == nil {
		return exit(2)
	}
	_, err := fmt.Fprintf(out, "%s: %d competencies, %d roles, %d options, %d kinds of experience; %d invented people get what it says.\n",
		name, len(f.Competencies), len(f.Roles), len(f.Options), len(f.ExperienceKinds), len(f.Examples))
	return err
}

func tellProblems(out io.Writer, name string, problems framework.Problems) error {
	for _, p := range problems {
		kind := ""
		if p.Warns {
			kind = "worth a thought: "
		}
		if _, err := fmt.Fprintf(out, "%s:%d: %s%s: %s\n", name, max(1, p.Line), kind, p.Path, p.Says); err != nil {
			return err
		}
	}
	return nil
}

type frameworkExport struct {
	common
	File    string `arg:"" optional:"" help:"The file to write; by default the standard output. It must not exist yet."`
	Version int    `help:"Number of the version; by default the one in force." placeholder:"N"`
	Case    bool   `help:"Write the competencies as CASE 1.1 JSON, which cannot hold roles, rules and options."`
}

// Run writes a version.
func (c frameworkExport) Run(ctx context.Context, out io.Writer) error {
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // a reading has nothing to lose
	list, _, err := a.Career.Frameworks(ctx, authz.AtCommandLine())
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Number != c.Version && (c.Version != 0 || !v.InForce) {
			continue
		}
		_, text, err := a.Career.FrameworkFile(ctx, authz.AtCommandLine(), v.ID)
		if err == nil && c.Case {
			text, err = caseOf(text, v, a.OrgName())
		}
		if err != nil {
			return err
		}
		return put(out, c.File, text)
	}
	return errs.New(errs.NotFound, "There is no version %d of the framework.", c.Version)
}

func caseOf(text []byte, v career.FrameworkVersion, creator string) ([]byte, error) {
	f, err := framework.Load(text)
	if err != nil {
		return nil, err
	}
	if creator == "" {
		creator = f.About.Title
	}
	return framework.CaseExport{Framework: f, Creator: creator, Version: strconv.Itoa(v.Number), Published: time.UnixMicro(v.At)}.JSON()
}

// put writes a new file, or to the standard output.
func put(out io.Writer, name string, content []byte) error {
	if name == "" {
		_, err := out.Write(content)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if os.IsExist(err) {
		return errs.New(errs.Invalid, "%s exists. Name a new file.", name)
	}
	if err != nil {
		return err
	}
	if _, err := f.Write(content); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

type frameworkImport struct {
	common
	File    string `arg:"" help:"The YAML file." type:"existingfile"`
	Changes string `help:"What changes and why: what those read who are measured by it." placeholder:"WORDS"`
	Publish bool   `help:"Publish it as the version in force; --changes has to say why."`
}

// Run makes a file the draft, and publishes it if that is asked for.
func (c frameworkImport) Run(ctx context.Context, out io.Writer) error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	f, problems := check.Check(text)
	if err := tellProblems(out, c.File, problems); err != nil {
		return err
	}
	if f == nil {
		return exit(2)
	}
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	who := authz.AtCommandLine()
	d, err := a.Career.FrameworkDraft(ctx, who)
	if err != nil {
		return err
	}
	if d.Version > 0 {
		return errs.New(errs.Conflict, "There is a draft already. Publish it or throw it away in the browser first.")
	}
	d.Text, d.Changes = string(text), c.Changes
	if err := a.Career.WriteFramework(ctx, who, d); err != nil {
		return err
	}
	if !c.Publish {
		_, err = fmt.Fprintf(out, "%s: kept as the draft. The head of PMO publishes it in the browser.\n", c.File)
		return err
	}
	v, err := a.Career.PublishFramework(ctx, who, 1)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: published as version %d.\n", c.File, v.Number)
	return err
}
