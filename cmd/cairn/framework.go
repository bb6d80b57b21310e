package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"cairn/internal/app"
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
	name, text := "the framework that comes with Cairn", []byte(nil)
	if c.File != "" {
		var err error
		if text, err = os.ReadFile(c.File); err != nil {
			return err
		}
		name = c.File
	}
	holds, err := checked(out, name, text)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s: %s.\n", name, holds)
	return err
}

// checked tells what is wrong; a text that cannot be published is exit status 2.
func checked(out io.Writer, name string, text []byte) (holds string, err error) {
	r := app.CheckFramework(name, text)
	for _, line := range r.Lines {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return "", err
		}
	}
	if !r.Good {
		return "", exit(2)
	}
	return r.Holds, nil
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
	text, err := a.ExportFramework(ctx, c.Version, c.Case)
	if err != nil {
		return err
	}
	return put(out, c.File, text)
}

// put writes a new file, or to the standard output.
func put(out io.Writer, name string, content []byte) error {
	if name == "" {
		_, err := out.Write(content)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
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
	if _, err := checked(out, c.File, text); err != nil {
		return err
	}
	a, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // everything is committed by then
	number, err := a.ImportFramework(ctx, text, c.Changes, c.Publish)
	switch {
	case err != nil:
		return err
	case number == 0:
		_, err = fmt.Fprintf(out, "%s: kept as the draft. The head of PMO publishes it in the browser.\n", c.File)
	default:
		_, err = fmt.Fprintf(out, "%s: published as version %d.\n", c.File, number)
	}
	return err
}
