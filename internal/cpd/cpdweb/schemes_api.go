package cpdweb

import (
	"context"
	"net/http"

	"cairn/internal/cpd"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type cpdSide struct {
	ID      string   `json:"id,omitempty" maxLength:"60" doc:"One is made of the name if it is left out."`
	Name    string   `json:"name" maxLength:"120"`
	Minimum int      `json:"minimum,omitempty"`
	Areas   []string `json:"about_areas,omitempty" maxItems:"20"`
}

type cpdCategory struct {
	ID        string    `json:"id,omitempty" maxLength:"60" doc:"Entries count by it; one is made of the name if it is left out."`
	Name      string    `json:"name" maxLength:"120"`
	Minimum   int       `json:"minimum,omitempty"`
	Maximum   int       `json:"maximum,omitempty" doc:"0 is none."`
	Inside    string    `json:"inside,omitempty" maxLength:"60" doc:"The id of the category that it counts within."`
	Sides     []cpdSide `json:"sides,omitempty"`
	FromKinds []string  `json:"from_kinds,omitempty" maxItems:"40" doc:"The kinds of experience that the record proposes here."`
	Note      string    `json:"note,omitempty" maxLength:"300"`
}

// CPDSchemeBody is what a scheme asks of periods that begin from a day on.
type CPDSchemeBody struct {
	From              string        `json:"from,omitempty" maxLength:"10" doc:"The day; none in what came with Cairn."`
	Name              string        `json:"name" maxLength:"120"`
	Unit              string        `json:"unit" maxLength:"20"`
	HoursPerUnit      int           `json:"hours_per_unit,omitempty" doc:"1 if it is left out."`
	PeriodMonths      int           `json:"period_months"`
	Target            int           `json:"target" doc:"In the unit, in a period."`
	AtLeastActivities int           `json:"at_least_activities,omitempty"`
	PerEntry          bool          `json:"reflection_per_entry,omitempty"`
	Asks              []string      `json:"reflection_asks,omitempty"`
	Statement         bool          `json:"look_back,omitempty" doc:"It asks for a look back at the period."`
	RemindMonths      []int         `json:"remind_months_before_end,omitempty"`
	HandInDays        int           `json:"deadline_days_after_end,omitempty"`
	KeepProofMonths   int           `json:"keep_proof_months_after_end,omitempty"`
	Categories        []cpdCategory `json:"categories" nullable:"false"`
}

func (b CPDSchemeBody) scheme() cpd.Scheme {
	s := cpd.Scheme{
		Name: b.Name, Unit: b.Unit, HoursPerUnit: b.HoursPerUnit, PeriodMonths: b.PeriodMonths, Target: b.Target, AtLeastActivities: b.AtLeastActivities,
		Reflection:   cpd.Reflection{PerEntry: b.PerEntry, Asks: b.Asks, YearlyStatement: b.Statement},
		RemindMonths: b.RemindMonths, HandInDays: b.HandInDays, KeepProofMonths: b.KeepProofMonths,
	}
	for _, c := range b.Categories {
		one := cpd.Category{ID: c.ID, Name: c.Name, Minimum: c.Minimum, Maximum: c.Maximum, Inside: c.Inside, FromKinds: c.FromKinds, Note: c.Note}
		for _, x := range c.Sides {
			one.Sides = append(one.Sides, cpd.Side{ID: x.ID, Name: x.Name, Minimum: x.Minimum, AboutAreas: x.Areas})
		}
		s.Categories = append(s.Categories, one)
	}
	return s
}

func schemeBody(s cpd.Scheme) CPDSchemeBody {
	b := CPDSchemeBody{
		s.Edition, s.Name, s.Unit, s.HoursPerUnit, s.PeriodMonths, s.Target, s.AtLeastActivities, s.Reflection.PerEntry, s.Reflection.Asks, s.Reflection.YearlyStatement,
		s.RemindMonths, s.HandInDays, s.KeepProofMonths,
		[]cpdCategory{},
	}
	for _, c := range s.Categories {
		one := cpdCategory{c.ID, c.Name, c.Minimum, c.Maximum, c.Inside, nil, c.FromKinds, c.Note}
		for _, x := range c.Sides {
			one.Sides = append(one.Sides, cpdSide{x.ID, x.Name, x.Minimum, x.AboutAreas})
		}
		b.Categories = append(b.Categories, one)
	}
	return b
}

type cpdScheme struct {
	ID       string          `json:"id"`
	Own      bool            `json:"own" doc:"The reader's alone; others see nothing of it."`
	Ended    string          `json:"ended_on,omitempty" doc:"No period begins after it."`
	Editions []CPDSchemeBody `json:"editions" nullable:"false" doc:"Oldest first. A period keeps what held on the day that it began."`
	Version  int64           `json:"version" doc:"Send it in If-Match, in quotation marks, to change the scheme; 0 as it came with Cairn."`
}

func schemeJSON(s cpd.Series) cpdScheme {
	out := cpdScheme{s.ID, s.Owner != "", s.Ended, []CPDSchemeBody{}, s.Version}
	for _, e := range s.Editions {
		out.Editions = append(out.Editions, schemeBody(e))
	}
	return out
}

type schemesOutput struct {
	Body struct {
		Items []cpdScheme `json:"items" nullable:"false"`
	}
}

type schemeOutput struct {
	ETag string `header:"ETag"`
	Body cpdScheme
}

type addSchemeInput struct {
	For  string `query:"for" enum:"me,office" default:"me" doc:"Whom it is for: oneself alone, or everybody."`
	Body CPDSchemeBody
}

type setSchemeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body CPDSchemeBody
}

type endSchemeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		On string `json:"on" maxLength:"10" doc:"The last day on which a period can begin; empty opens it again."`
	}
}

type removeSchemeInput struct {
	web.IfMatch
	ID string `path:"id" maxLength:"36"`
}

func (w *Web) schemeOperations(spec func(id, method, path, summary string, status int) web.Spec) []web.Operation {
	return []web.Operation{
		web.Op(spec("listCPDSchemes", http.MethodGet, "/cpd/schemes", "List the schemes that a log can be kept for", http.StatusOK), w.apiSchemes),
		web.Op(spec("getCPDScheme", http.MethodGet, "/cpd/schemes/{id}", "Read a scheme with its editions", http.StatusOK), w.apiScheme),
		web.Op(spec("addCPDScheme", http.MethodPost, "/cpd/schemes", "Make a scheme, for oneself or, with the right to, for everybody", http.StatusCreated), w.apiAddScheme),
		web.Op(spec("setCPDScheme", http.MethodPut, "/cpd/schemes/{id}", "Say what a scheme asks of periods that begin from a day on", http.StatusOK), w.apiSetScheme),
		web.Op(spec("endCPDScheme", http.MethodPut, "/cpd/schemes/{id}/end", "End a scheme, or open it again", http.StatusOK), w.apiEndScheme),
		web.Op(spec("removeCPDScheme", http.MethodDelete, "/cpd/schemes/{id}", "Delete a scheme that nobody uses", http.StatusNoContent), w.apiRemoveScheme),
	}
}

func (w *Web) apiSchemes(ctx context.Context, who authz.Actor, _ *struct{}) (*schemesOutput, error) {
	c, err := w.cpd.Catalogue(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &schemesOutput{}
	out.Body.Items = []cpdScheme{}
	for _, s := range c.Series {
		out.Body.Items = append(out.Body.Items, schemeJSON(s))
	}
	return out, nil
}

func (w *Web) apiScheme(ctx context.Context, who authz.Actor, in *idInput) (*schemeOutput, error) {
	s, err := w.cpd.Scheme(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &schemeOutput{web.ETag(s.Version), schemeJSON(s)}, nil
}

func (w *Web) apiAddScheme(ctx context.Context, who authz.Actor, in *addSchemeInput) (*schemeOutput, error) {
	s, err := w.cpd.AddScheme(ctx, who, in.For != "office", in.Body.From, in.Body.scheme())
	if err != nil {
		return nil, err
	}
	return &schemeOutput{web.ETag(s.Version), schemeJSON(s)}, nil
}

func (w *Web) apiSetScheme(ctx context.Context, who authz.Actor, in *setSchemeInput) (*schemeOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	s, err := w.cpd.SetScheme(ctx, who, in.ID, version, in.Body.From, in.Body.scheme())
	if err != nil {
		return nil, err
	}
	return &schemeOutput{web.ETag(s.Version), schemeJSON(s)}, nil
}

func (w *Web) apiEndScheme(ctx context.Context, who authz.Actor, in *endSchemeInput) (*schemeOutput, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	if err := w.cpd.EndScheme(ctx, who, in.ID, version, in.Body.On); err != nil {
		return nil, err
	}
	return w.apiScheme(ctx, who, &idInput{in.ID})
}

func (w *Web) apiRemoveScheme(ctx context.Context, who authz.Actor, in *removeSchemeInput) (*struct{}, error) {
	version, err := in.VersionOrNone()
	if err != nil {
		return nil, err
	}
	return nil, w.cpd.RemoveScheme(ctx, who, in.ID, version)
}
