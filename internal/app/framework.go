package app

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cairn/internal/career/framework"
	tried "cairn/internal/career/framework/check"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// FrameworkReport is what a check of a framework says.
type FrameworkReport struct {
	Lines []string // what is wrong, or worth a thought, each with its line
	Good  bool     // it can be published
	Holds string   // what it holds, in words
}

// CheckFramework says what is wrong with the text of a framework; without one it
// looks at the framework that comes with Cairn. Name is that of the file.
func CheckFramework(name string, text []byte) FrameworkReport {
	if text == nil {
		text = framework.DefaultFile()
	}
	f, problems := tried.Check(text)
	r := FrameworkReport{Good: f != nil}
	for _, p := range problems {
		kind := ""
		if p.Warns {
			kind = "worth a thought: "
		}
		at := p.Path
		if at != "" { // of the whole file there is none
			at += ": "
		}
		r.Lines = append(r.Lines, fmt.Sprintf("%s:%d: %s%s%s", name, max(1, p.Line), kind, at, p.Says))
	}
	if f != nil {
		r.Holds = fmt.Sprintf("%d competencies, %d roles, %d options, %d kinds of experience; %d invented people get what it says",
			len(f.Competencies), len(f.Roles), len(f.Options), len(f.ExperienceKinds), len(f.Examples))
	}
	return r
}

// ExportFramework gives the text of a version by its number, 0 for the one in force,
// or its competencies as CASE 1.1.
func (a *App) ExportFramework(ctx context.Context, number int, asCase bool) ([]byte, error) {
	list, _, err := a.Career.Frameworks(ctx, authz.AtCommandLine())
	if err != nil {
		return nil, err
	}
	for _, v := range list {
		if v.Number != number && (number != 0 || !v.InForce) {
			continue
		}
		_, text, err := a.Career.FrameworkFile(ctx, authz.AtCommandLine(), v.ID)
		if err != nil || !asCase {
			return text, err
		}
		f, err := framework.Load(text)
		if err != nil {
			return nil, err
		}
		creator := a.OrgName()
		if creator == "" {
			creator = f.About.Title
		}
		return framework.CaseExport{Framework: f, Creator: creator, Version: strconv.Itoa(v.Number), Published: time.UnixMicro(v.At)}.JSON()
	}
	return nil, errs.New(errs.NotFound, "There is no version %d of the framework.", number)
}

// ImportFramework makes a text the draft, and publishes it if that is asked for;
// the number is that of the version, 0 for a draft.
func (a *App) ImportFramework(ctx context.Context, text []byte, changes string, publish bool) (number int, err error) {
	who := authz.AtCommandLine()
	d, err := a.Career.FrameworkDraft(ctx, who)
	if err != nil {
		return 0, err
	}
	if d.Version > 0 {
		return 0, errs.New(errs.Conflict, "There is a draft already. Publish it or throw it away in the browser first.")
	}
	d.Text, d.Changes = string(text), changes
	if err := a.Career.WriteFramework(ctx, who, d); err != nil || !publish {
		return 0, err
	}
	v, err := a.Career.PublishFramework(ctx, who, 1)
	return v.Number, err
}
