package cpdweb

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"

	"cairn/internal/cpd"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type cpdLine struct {
	Place   string `json:"place"`
	Name    string `json:"name"`
	Logged  int    `json:"logged_minutes"`
	Counted int    `json:"counted_minutes"`
	Minimum int    `json:"minimum_minutes,omitempty"`
	Maximum int    `json:"maximum_minutes,omitempty"`
}

type cpdPeriod struct {
	ID                string    `json:"id"`
	Scheme            string    `json:"scheme"`
	Name              string    `json:"name"`
	Unit              string    `json:"unit"`
	From              string    `json:"from"`
	To                string    `json:"to"`
	Target            int       `json:"target"`
	AtLeastActivities int       `json:"at_least_activities"`
	Statement         string    `json:"statement,omitempty"`
	Counted           int       `json:"counted_minutes"`
	Missing           int       `json:"missing_minutes"`
	Complete          bool      `json:"complete"`
	Activities        int       `json:"activities" doc:"Entries that count in it."`
	WithoutReflection int       `json:"without_reflection,omitempty" doc:"Entries that lack the reflection that the scheme asks for."`
	StatementMissing  bool      `json:"statement_missing,omitempty" doc:"The look back that the scheme asks for is not written."`
	Deadline          string    `json:"deadline" doc:"The last day on which what it lacks can be put right."`
	Lines             []cpdLine `json:"categories" nullable:"false"`
	Version           int64     `json:"version" doc:"Send it in If-Match, in quotation marks, to set the period."`
}

// CPDEntryBody is what can be said of an entry.
type CPDEntryBody struct {
	From       string            `json:"from" maxLength:"10"`
	To         string            `json:"to,omitempty" maxLength:"10" doc:"The last day; the first one if it is left out."`
	Minutes    int               `json:"minutes" doc:"In quarters of an hour."`
	Title      string            `json:"title" maxLength:"200"`
	Provider   string            `json:"provider,omitempty" maxLength:"200"`
	Proof      string            `json:"proof,omitempty" maxLength:"500"`
	Reflection string            `json:"reflection,omitempty"`
	Places     map[string]string `json:"places,omitempty" maxProperties:"10" doc:"By scheme: the category, or category/side, that it counts as."`
}

func (b CPDEntryBody) entry() cpd.Entry {
	e := cpd.Entry{From: b.From, To: b.To, Minutes: b.Minutes, Title: b.Title, Provider: b.Provider, Proof: b.Proof, Reflection: b.Reflection, Places: b.Places}
	if e.To == "" {
		e.To = e.From
	}
	if e.Places == nil {
		e.Places = map[string]string{}
	}
	return e
}

type cpdEntry struct {
	ID string `json:"id"`
	CPDEntryBody
	FromRecord bool  `json:"from_record" doc:"The record proposed it."`
	Version    int64 `json:"version" doc:"Send it in If-Match, in quotation marks, to change the entry."`
}

func toJSON(e cpd.Entry) cpdEntry {
	return cpdEntry{e.ID, CPDEntryBody{e.From, e.To, e.Minutes, e.Title, e.Provider, e.Proof, e.Reflection, e.Places}, e.FromRecord(), e.Version}
}

type cpdProposal struct {
	ID    string `json:"id" doc:"Send it as source to add it, or to drop it."`
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Words string `json:"words" doc:"What can stand in the log, which leaves: without the name of a project or body."`
	On    string `json:"on"`

	Minutes int `json:"minutes,omitempty" doc:"Where the record knows how long it took, in quarters of an hour."`
}

type logInput struct {
	After string `query:"after" maxLength:"400"`
}

type logOutput struct {
	Body struct {
		Periods   []cpdPeriod   `json:"periods" nullable:"false"`
		Items     []cpdEntry    `json:"items" nullable:"false" doc:"Newest first."`
		Next      string        `json:"next,omitempty"`
		Proposals []cpdProposal `json:"proposals" nullable:"false" doc:"On the first page, with the career turned on."`
	}
}

type entryOutput struct {
	ETag string `header:"ETag"`
	Body cpdEntry
}

type addInput struct {
	Source string `query:"source" maxLength:"200" doc:"The proposal that it comes from."`
	Body   CPDEntryBody
}

type changeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body CPDEntryBody
}

type idInput struct {
	ID string `path:"id" maxLength:"36"`
}

type dropInput struct {
	Source string `query:"source" required:"true" maxLength:"200"`
}

type followInput struct {
	Body struct {
		Scheme string `json:"scheme" maxLength:"100"`
		From   string `json:"from" maxLength:"10"`
	}
}

type cpdLimit struct {
	Minimum int `json:"minimum,omitempty"`
	Maximum int `json:"maximum,omitempty" doc:"0 is none."`
}

type setInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		To                string              `json:"to" maxLength:"10"`
		Target            int                 `json:"target" doc:"In the scheme's unit."`
		AtLeastActivities int                 `json:"at_least_activities,omitempty"`
		Limits            map[string]cpdLimit `json:"limits,omitempty" maxProperties:"30" doc:"By category or category/side, in the scheme's unit; what is left out stays."`
		Statement         string              `json:"statement,omitempty"`
	}
}

type exportInput struct {
	Period string `query:"period" maxLength:"36" doc:"Of one period; the whole log if it is left out."`
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
}

type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Name        string `header:"Content-Disposition"`
	Body        []byte
}

func (w *Web) operations() []web.Operation {
	spec := func(id, method, path, summary string, status int) web.Spec {
		s := web.Spec{ID: id, Method: method, Path: path, Tag: "cpd", Action: cpd.Own, Scope: "career:write", Summary: summary, Status: status}
		if method == http.MethodGet {
			s.Scope = "career:read"
		}
		return s
	}
	file := spec("exportCPD", http.MethodGet, "/cpd/export", "Take one's own log away as a file", http.StatusOK)
	file.Media = []string{"text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	return append(w.schemeOperations(spec), []web.Operation{
		web.Op(spec("getCPD", http.MethodGet, "/cpd", "Read one's own CPD and PDU log", http.StatusOK), w.apiLog),
		web.Op(file, w.apiExport),
		web.Op(spec("addCPDEntry", http.MethodPost, "/cpd/entries", "Add an entry", http.StatusCreated), w.apiAdd),
		web.Op(spec("getCPDEntry", http.MethodGet, "/cpd/entries/{id}", "Read an entry", http.StatusOK), w.apiEntry),
		web.Op(spec("changeCPDEntry", http.MethodPut, "/cpd/entries/{id}", "Change an entry", http.StatusOK), w.apiChange),
		web.Op(spec("removeCPDEntry", http.MethodDelete, "/cpd/entries/{id}", "Delete an entry", http.StatusNoContent), w.apiRemove),
		web.Op(spec("dropCPDProposal", http.MethodDelete, "/cpd/proposals", "Take a proposal of the record away", http.StatusNoContent), w.apiDrop),
		web.Op(spec("followCPDScheme", http.MethodPost, "/cpd/periods", "Begin a period of a scheme", http.StatusCreated), w.apiFollow),
		web.Op(spec("setCPDPeriod", http.MethodPut, "/cpd/periods/{id}", "Set targets, limits and the look back of a period", http.StatusOK), w.apiSet),
		web.Op(spec("leaveCPDPeriod", http.MethodDelete, "/cpd/periods/{id}", "Delete a period; its entries stay", http.StatusNoContent), w.apiLeave),
	}...)
}

func (w *Web) apiLog(ctx context.Context, who authz.Actor, in *logInput) (*logOutput, error) {
	cur, err := web.ParseCursor("cpd", in.After)
	if err != nil {
		return nil, err
	}
	day, id := "", ""
	if cur != nil {
		day, id = cur.Key, cur.ID
	}
	l, err := w.cpd.Log(ctx, who, day, id)
	if err != nil {
		return nil, err
	}
	out := &logOutput{}
	b := &out.Body
	b.Periods, b.Items, b.Proposals = []cpdPeriod{}, []cpdEntry{}, []cpdProposal{}
	for _, p := range l.Periods {
		one := cpdPeriod{
			ID: p.ID, Scheme: p.Scheme.ID, Name: p.Scheme.Name, Unit: p.Scheme.Unit, From: p.From, To: p.To, Target: p.Scheme.Target, AtLeastActivities: p.Scheme.AtLeastActivities,
			Statement: p.Statement, Counted: p.Counted, Missing: p.Missing(), Complete: p.Complete,
			Activities: p.Activities, WithoutReflection: p.WithoutReflection, StatementMissing: p.StatementMissing, Deadline: p.Deadline(), Lines: []cpdLine{}, Version: p.Version,
		}
		for _, x := range p.Lines {
			one.Lines = append(one.Lines, cpdLine{x.Place, x.Name, x.Done, x.Counted, x.Minimum, x.Maximum})
		}
		b.Periods = append(b.Periods, one)
	}
	for _, e := range l.Entries {
		b.Items = append(b.Items, toJSON(e))
	}
	for _, p := range l.Proposals {
		b.Proposals = append(b.Proposals, cpdProposal{p.Source, p.Kind, p.Title, p.Words, p.On, p.Minutes})
	}
	if l.More {
		last := l.Entries[len(l.Entries)-1]
		b.Next = web.Cursor{List: "cpd", Key: last.To, ID: last.ID}.String()
	}
	return out, nil
}

func (w *Web) apiExport(ctx context.Context, who authz.Actor, in *exportInput) (*fileOutput, error) {
	f, err := w.cpd.Export(ctx, who, in.Period, in.Format)
	if err != nil {
		return nil, err
	}
	return &fileOutput{f.MediaType, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), f.Content}, nil
}

func (w *Web) apiEntry(ctx context.Context, who authz.Actor, in *idInput) (*entryOutput, error) {
	e, err := w.cpd.Entry(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &entryOutput{web.ETag(e.Version), toJSON(e)}, nil
}

func (w *Web) apiAdd(ctx context.Context, who authz.Actor, in *addInput) (*entryOutput, error) {
	e := in.Body.entry()
	e.Source = in.Source
	e, err := w.cpd.Add(ctx, who, e)
	if err != nil {
		return nil, inBody(err)
	}
	return &entryOutput{web.ETag(e.Version), toJSON(e)}, nil
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changeInput) (*entryOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	e := in.Body.entry()
	e.ID, e.Version = in.ID, version
	if err := w.cpd.Change(ctx, who, e); err != nil {
		return nil, inBody(err)
	}
	return w.apiEntry(ctx, who, &idInput{in.ID})
}

// inBody says where in the body of the API stands what the forms call otherwise.
func inBody(err error) error {
	fields := errs.FieldsOf(err)
	if len(fields) == 0 {
		return err
	}
	moved := slices.Clone(fields)
	for i := range moved {
		kind, place, _ := strings.Cut(moved[i].Name, "_")
		place = strings.ReplaceAll(place, "/", "~1")
		switch {
		case moved[i].Name == "hours":
			moved[i].Name = "/minutes"
		case kind == "in":
			moved[i].Name = "/places/" + place
		case kind == "min" || kind == "max":
			moved[i].Name = "/limits/" + place + "/" + kind + "imum"
		}
	}
	return &errs.Error{Kind: errs.KindOf(err), Message: web.MessageOf(err), Fields: moved, Err: err}
}

func (w *Web) apiRemove(ctx context.Context, who authz.Actor, in *idInput) (*struct{}, error) {
	return nil, w.cpd.Remove(ctx, who, in.ID)
}

func (w *Web) apiDrop(ctx context.Context, who authz.Actor, in *dropInput) (*struct{}, error) {
	return nil, w.cpd.Drop(ctx, who, in.Source)
}

func (w *Web) apiFollow(ctx context.Context, who authz.Actor, in *followInput) (*logOutput, error) {
	if _, err := w.cpd.Follow(ctx, who, in.Body.Scheme, in.Body.From); err != nil {
		return nil, err
	}
	return w.apiLog(ctx, who, &logInput{})
}

func (w *Web) apiSet(ctx context.Context, who authz.Actor, in *setInput) (*logOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	set := cpd.Settings{To: in.Body.To, Target: in.Body.Target, AtLeastActivities: in.Body.AtLeastActivities, Statement: in.Body.Statement, Limits: map[string]cpd.Limit{}}
	for place, l := range in.Body.Limits {
		set.Limits[place] = cpd.Limit{Minimum: l.Minimum, Maximum: l.Maximum}
	}
	if err := w.cpd.Set(ctx, who, in.ID, version, set); err != nil {
		return nil, inBody(err)
	}
	return w.apiLog(ctx, who, &logInput{})
}

func (w *Web) apiLeave(ctx context.Context, who authz.Actor, in *idInput) (*struct{}, error) {
	return nil, w.cpd.Leave(ctx, who, in.ID)
}
