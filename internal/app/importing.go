package app

import (
	"context"
	"iter"
	"slices"
	"unicode/utf8"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/work"
	"cairn/internal/portfolio"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

// projectSink lets files become projects, with their people.
type projectSink struct {
	projects *portfolio.Service
	people   *identity.Service
}

// projectFields are what a file can say about a project, with the words that
// other people's files use for it.
var projectFields = []transfer.Field{
	{ID: "cairn_id", Label: "Cairn id", Kind: transfer.Known},
	{ID: "source_id", Label: "Id in the source", Kind: transfer.SourceID, Words: []string{"id", "project id", "project number", "project no", "number", "no", "ref", "reference", "project ref", "project reference", "gmpp id", "gmpp id number", "unique investment identifier", "unique id", "identifier", "project identifier", "uii", "investment uii", "unique project id"}},
	{ID: "name", Label: "Name", Kind: transfer.Text, Words: []string{"project", "project name", "project title", "title", "projekt", "scheme", "scheme name", "initiative", "investment title", "investment name", "investment"}},
	{ID: "code", Label: "Code", Kind: transfer.Text, Words: []string{"project code", "short name", "wbs", "cost centre"}},
	{ID: "programme", Label: "Programme", Kind: transfer.Parent, Words: []string{"program", "programme name", "delivery program", "delivery programme", "portfolio", "workstream"}},
	{ID: "purpose", Label: "Purpose", Kind: transfer.Text, Words: []string{"description", "description aims", "aims", "objective", "objectives", "summary", "scope", "project description"}},
	{ID: "category", Label: "Category", Kind: transfer.Text, Words: []string{"type", "project type", "report category", "annual report category", "project category", "ept", "class"}},
	{ID: "org_unit", Label: "Organisation unit", Kind: transfer.Text, Words: []string{"department", "organisation", "organization", "unit", "business unit", "directorate", "division", "owner group", "agency", "team", "agency name"}},
	{ID: "phase", Label: "Phase", Kind: transfer.Text, Words: []string{"stage", "project phase", "project stage", "lifecycle stage", "gate"}},
	{ID: "status", Label: "Status", Kind: transfer.Text, Words: []string{"project status", "state"}},
	{ID: "baseline_start", Label: "Baseline start", Kind: transfer.Date, Words: []string{"planned start", "planned start date", "original start", "baseline start date"}},
	{ID: "baseline_end", Label: "Baseline end", Kind: transfer.EndDate, Words: []string{"planned end", "planned end date", "planned finish", "original end", "baseline end date", "baseline finish", "planned completion date"}},
	{ID: "forecast_start", Label: "Forecast start", Kind: transfer.Date, Words: []string{"start", "start date", "project start date", "project start", "begin", "commencement date"}},
	{ID: "forecast_end", Label: "Forecast end", Kind: transfer.EndDate, Words: []string{"end", "end date", "finish", "finish date", "project end date", "project end", "completion date", "forecast end date", "due date", "target date", "projected completion date", "projected actual completion date"}},
	{ID: "actual_start", Label: "Actual start", Kind: transfer.Date, Words: []string{"actual start date", "started", "started on"}},
	{ID: "actual_end", Label: "Actual end", Kind: transfer.EndDate, Words: []string{"actual end date", "actual finish", "completed", "completed on", "closed on"}},
	{ID: "currency", Label: "Currency", Kind: transfer.Currency, Words: []string{"ccy"}},
	{ID: "budget", Label: "Budget", Kind: transfer.Money, Words: []string{"baseline cost", "approved budget", "total budget", "whole life cost", "wlc", "wlc baseline incl ncg", "total budgeted whole life costs", "total baseline whole life costs", "total cost", "cost", "baseline", "total budgeted", "lifecycle cost", "life cycle cost"}},
	{ID: "forecast", Label: "Forecast cost", Kind: transfer.Money, Words: []string{"forecast", "eac", "estimate at completion", "ffc", "forecast final cost", "final forecast cost", "estimated cost", "current estimate", "projected cost", "projected actual cost"}},
	{ID: "actual", Label: "Actual cost", Kind: transfer.Money, Words: []string{"actual", "actuals", "spent", "spend", "spend to date", "actual to date", "cost to date"}},
	{ID: "rating", Label: "Rating", Kind: transfer.Rating, Words: []string{"rag", "rag rating", "rag status", "colour rating", "color rating", "ipa rag rating", "ipa rating", "mpa rag rating", "mpa rating", "dca", "dca rating", "ipa dca", "ipa delivery confidence assessment", "delivery confidence assessment", "delivery confidence", "health", "overall rag", "overall status", "sro delivery confidence assessment", "sro rating", "cio rating"}},
	{ID: "rating_scale", Label: "Scale of the rating", Kind: transfer.Scale},
	{ID: "rating_note", Label: "Reason of the rating", Kind: transfer.Text, Words: []string{"rating comment", "rag comment", "rating reason", "departmental commentary", "commentary", "departmental commentary on actions planned or taken on", "departmental narrative on rating"}},
	{ID: "notes", Label: "Notes", Kind: transfer.Text, Words: []string{"note", "comment", "comments", "remarks", "narrative", "project narrative", "progress update", "status update", "latest update", "update"}},
	{ID: "sponsor", Label: "Sponsor", Kind: transfer.Person, Words: []string{"project sponsor", "sro", "senior responsible owner", "executive sponsor", "owner", "project owner"}},
	{ID: "project_manager", Label: "Project manager", Kind: transfer.Person, Words: []string{"pm", "manager", "project lead", "lead", "project director", "delivery manager", "programme manager"}},
	{ID: "pmo_partner", Label: "PMO partner", Kind: transfer.Person, Words: []string{"pmo", "pmo contact", "pmo analyst", "pmo lead", "pmo support"}},
	{ID: "as_at", Label: "As at", Kind: transfer.AsAt, Words: []string{"year", "report date", "reporting date", "report year", "period", "reporting period", "snapshot date", "status date", "data date"}},
}

// customKinds are how the cells of custom fields are read.
var customKinds = map[portfolio.Type]transfer.Kind{
	portfolio.Text: transfer.Text, portfolio.Number: transfer.Number, portfolio.Money: transfer.Money,
	portfolio.Date: transfer.Date, portfolio.Choice: transfer.Choice, portfolio.PersonRef: transfer.Person,
}

// Fields implements transfer.Sink: what every register has, then the
// organisation's own fields.
func (p projectSink) Fields(ctx context.Context, who authz.Actor) ([]transfer.Field, error) {
	all, err := p.projects.AllFields(ctx, who)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(projectFields)
	for _, i := range all {
		if i.Custom {
			out = append(out, transfer.Field{ID: string(i.Field), Label: i.Label, Kind: customKinds[i.Type]})
		}
	}
	return out, nil
}

// personKinds are the columns of people that a file can have.
var personKinds = []portfolio.Kind{portfolio.Sponsor, portfolio.Manager, portfolio.Partner}

// Put implements transfer.Sink.
func (p projectSink) Put(ctx context.Context, tx *work.Tx, source, batch string, records []transfer.Record) ([]transfer.Outcome, error) {
	out := make([]transfer.Outcome, len(records))
	people, err := p.people.FindIn(ctx, tx, namesIn(records))
	if err != nil {
		return nil, err
	}
	var rows []portfolio.Incoming
	var place []int // of each row among the records
	for i, r := range records {
		in := incoming(r)
		if out[i].Refused = ambiguous(r, people); out[i].Refused == nil {
			if out[i].Refused, err = p.custom(ctx, tx, r, in.Facts, people); err != nil {
				return nil, err
			}
		}
		if out[i].Refused == nil {
			rows, place = append(rows, in), append(place, i)
		}
	}
	puts, err := p.projects.PutIn(ctx, tx, source, batch, rows)
	if err != nil {
		return nil, err
	}
	for i, put := range puts {
		out[place[i]] = transfer.Outcome{
			ID: put.Project, Created: put.Created, Changed: len(put.Changed) > 0, Stated: put.Stated, Alike: put.Alike, Refused: put.Refused,
		}
	}
	return out, p.assign(ctx, tx, source, batch, records, people, out)
}

func incoming(r transfer.Record) portfolio.Incoming {
	facts := portfolio.Facts{}
	for id, v := range r.Values {
		facts[portfolio.Field(id)] = portfolio.Value{Text: v.Text, Reason: v.Reason}
	}
	return portfolio.Incoming{SourceID: r.SourceID, AsAt: r.AsAt, Facts: facts, Programme: r.Programme, Known: r.Known}
}

func namesIn(records []transfer.Record) (out []string) {
	for _, r := range records {
		for _, names := range r.People {
			out = append(out, names...)
		}
	}
	return out
}

// ambiguous refuses a row that names somebody of whom there are several, or who
// cannot be added.
func ambiguous(r transfer.Record, people map[string][]string) error {
	var c errs.Check
	for field, names := range r.People {
		c.That(len(names) < 2 || !portfolio.Field(field).IsCustom(), field, "Name one person, not %d.", len(names))
		for _, name := range names {
			c.That(len(people[identity.NameKey(name)]) < 2, field, "%d or more people are called %s. Choose the right one on the project's page.", 2, name)
			c.That(utf8.RuneCountInString(name) <= 200, field, "Use at most %d characters for a name.", 200)
		}
	}
	return c.Err()
}

// custom states the person of each custom field that names one. The other facts
// are checked first: a row that is refused brings nobody into the directory.
func (p projectSink) custom(ctx context.Context, tx *work.Tx, r transfer.Record, facts portfolio.Facts, people map[string][]string) (refused, err error) {
	checked := false
	for field, names := range r.People {
		name := portfolio.Field(field)
		if !name.IsCustom() {
			continue
		}
		facts[name] = portfolio.Value{}
		if len(names) == 0 {
			continue
		}
		if people[identity.NameKey(names[0])] == nil && !checked {
			switch err := p.projects.CheckIn(ctx, tx, r.AsAt, facts); {
			case errs.Is(err, errs.Invalid):
				return err, nil
			case err != nil:
				return nil, err
			}
			checked = true
		}
		id, err := p.person(ctx, tx, names[0], people)
		if err != nil {
			return nil, err
		}
		facts[name] = portfolio.Value{Text: id}
	}
	return nil, nil
}

// person gives the id of somebody of the directory, who is added if they are new.
func (p projectSink) person(ctx context.Context, tx *work.Tx, name string, people map[string][]string) (string, error) {
	key := identity.NameKey(name)
	if people[key] == nil {
		id, err := p.people.AddIn(ctx, tx, name)
		if err != nil {
			return "", err
		}
		people[key] = []string{id}
	}
	return people[key][0], nil
}

// assign puts the people of the rows that were taken on their projects.
func (p projectSink) assign(ctx context.Context, tx *work.Tx, source, batch string, records []transfer.Record, people map[string][]string, out []transfer.Outcome) error {
	var list []portfolio.Holding
	var place []int
	for i, r := range records {
		if out[i].Refused != nil {
			continue
		}
		for _, k := range personKinds {
			for _, name := range r.People[string(k)] {
				person, err := p.person(ctx, tx, name, people)
				if err != nil {
					return err
				}
				list, place = append(list, portfolio.Holding{Project: out[i].ID, Person: person, Kind: k, On: r.AsAt}), append(place, i)
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	made, err := p.projects.AssignImportedIn(ctx, tx, source, batch, list)
	for i, m := range made {
		if o := &out[place[i]]; m {
			o.Stated, o.Changed = true, o.Changed || !o.Created
		}
	}
	return err
}

// Finish implements transfer.Sink.
func (p projectSink) Finish(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, whole bool, present map[string]bool) (vanished, moved int, err error) {
	return p.projects.FlagVanishedIn(ctx, tx, source, batch, asAt, whole, present)
}

// projectOrigin gives projects out as files.
type projectOrigin struct{ projects *portfolio.Service }

// Header implements transfer.Origin.
func (p projectOrigin) Header(ctx context.Context, who authz.Actor) ([]string, error) {
	return p.projects.ExportHeader(ctx, who)
}

// Rows implements transfer.Origin.
func (p projectOrigin) Rows(ctx context.Context, who authz.Actor, get func(string) string) (iter.Seq2[[]sheet.Cell, error], error) {
	f, err := p.projects.FilterOf(get)
	if err != nil {
		return nil, err
	}
	return p.rows(ctx, who, f)
}

// Compared implements transfer.Origin.
func (p projectOrigin) Compared(ctx context.Context, who authz.Actor, get func(string) string) ([]string, iter.Seq2[[]sheet.Cell, error], error) {
	header, rows, err := p.projects.ExportComparison(ctx, who, p.projects.SpanOf(get))
	return header, func(yield func([]sheet.Cell, error) bool) {
		for _, row := range rows {
			if !yield(sheetCells(row), nil) {
				return
			}
		}
	}, err
}

func sheetCells(row []portfolio.Cell) []sheet.Cell {
	out := make([]sheet.Cell, len(row))
	for i, c := range row {
		out[i] = sheet.Cell(c)
	}
	return out
}

func (p projectOrigin) rows(ctx context.Context, who authz.Actor, f portfolio.Filter) (iter.Seq2[[]sheet.Cell, error], error) {
	rows, err := p.projects.Export(ctx, who, f)
	if err != nil {
		return nil, err
	}
	return func(yield func([]sheet.Cell, error) bool) {
		for row, err := range rows {
			if !yield(sheetCells(row), err) {
				return
			}
		}
	}, nil
}
