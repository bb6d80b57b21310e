package careerweb

import (
	"context"
	"mime"
	"net/http"
	"slices"
	"strings"

	"cairn/internal/career"
	"cairn/internal/career/paper"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

type careerDocumentLine struct {
	ID      string            `json:"id"`
	Section string            `json:"section"`
	Source  string            `json:"source,omitempty" doc:"The evidence behind it; empty for what was typed."`
	Fields  map[string]string `json:"fields"`
	Leaves  map[string]string `json:"leaves" doc:"The fields as they leave, with what is left out taken out."`
	Role    string            `json:"role_in_work,omitempty"`
	Months  int               `json:"months,omitempty" doc:"Calendar months of an entry of an application."`
	Counts  bool              `json:"counts" doc:"Whether the months of an entry count: only those of work that was led and directed do."`
	WhyNot  string            `json:"why_not,omitempty"`
	Basis   string            `json:"basis" doc:"How it is known: recorded, attested, self-declared."`
	Over    int               `json:"over,omitempty" doc:"By how many characters its description is longer than the receiver takes."`
	Gone    bool              `json:"gone,omitempty" doc:"Its evidence was dropped or taken back: it does not leave."`
	Version int64             `json:"version"`
}

type careerDocument struct {
	Kind      string               `json:"kind"`
	Fields    map[string]string    `json:"fields"`
	Lines     []careerDocumentLine `json:"lines" nullable:"false"`
	MonthsLed int                  `json:"months_led" doc:"Of an application: calendar months led and directed, overlapping ones once."`
	Version   int64                `json:"version"`
}

type careerDocumentPiece struct {
	ID       string `json:"id"`
	Proposed bool   `json:"proposed" doc:"By the record, and not kept yet."`
	Taken    bool   `json:"taken" doc:"It stands in the draft already."`
	Says     string `json:"says"`
	Role     string `json:"role_in_work"`
	From     string `json:"from,omitempty"`
	To       string `json:"to,omitempty"`
}

type careerDocumentLineInput struct {
	CareerDocumentPath
	ID string `path:"id" maxLength:"36"`
}

// CareerDocumentPath names a kind of document in an address.
type CareerDocumentPath struct {
	Kind string `path:"kind" enum:"application,matrix,cv"`
}

type careerDocumentOutput struct {
	ETag string `header:"ETag"`
	Body careerDocument
}

type careerDocumentLineOutput struct {
	ETag string `header:"ETag"`
	Body careerDocumentLine
}

type careerDocumentsOutput struct {
	Body struct {
		Items []careerDocumentBegun `json:"items" nullable:"false"`
	}
}

type careerDocumentBegun struct {
	Kind    string   `json:"kind"`
	Name    string   `json:"name"`
	Formats []string `json:"formats" nullable:"false"`
	Lines   int      `json:"lines"`
	Version int64    `json:"version" doc:"0 while there is no draft."`
}

type careerDocumentPiecesOutput struct {
	Body struct {
		Items []careerDocumentPiece `json:"items" nullable:"false"`
	}
}

type fillCareerDocumentInput struct {
	CareerDocumentPath
	Body struct {
		Pieces []string `json:"pieces" maxItems:"400" nullable:"false" doc:"Ids of pieces of evidence."`
	}
}

type setCareerDocumentInput struct {
	web.IfMatch
	CareerDocumentPath
	Body struct {
		Fields map[string]string `json:"fields" maxProperties:"20"`
	}
}

type addCareerDocumentLineInput struct {
	CareerDocumentPath
	Body struct {
		Section string            `json:"section" maxLength:"20"`
		Fields  map[string]string `json:"fields" maxProperties:"20"`
	}
}

type changeCareerDocumentLineInput struct {
	web.IfMatch
	CareerDocumentPath
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Fields map[string]string `json:"fields" maxProperties:"20"`
	}
}

type careerDocumentFileInput struct {
	CareerDocumentPath
	Format string `query:"format" enum:"pdf,xlsx,json" default:"pdf"`
}

type careerDocumentFileOutput struct {
	ContentType string `header:"Content-Type"`
	Name        string `header:"Content-Disposition"`
	Body        []byte
}

func (w *Web) documentsAPI() []web.Operation {
	own := func(id, method, path, summary string, status int) web.Spec {
		s := web.Spec{ID: id, Method: method, Path: "/evidence-documents" + path, Tag: "evidence", Action: career.OwnCareer, Scope: "career:write", Summary: summary, Status: status}
		if method == http.MethodGet {
			s.Scope = "career:read"
		}
		return s
	}
	file := own("exportCareerDocument", http.MethodGet, "/{kind}/file", "Take a document of one's own career away as a file", http.StatusOK)
	file.Details = "An application as xlsx or pdf, a competency matrix as pdf, a CV as json (JSON Resume) or pdf. What the person leaves out is not in it."
	file.Media = []string{"application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/json"}
	file.Object = true
	return []web.Operation{
		web.Op(own("listCareerDocuments", http.MethodGet, "", "List the documents of one's own career, with the drafts", http.StatusOK), w.apiDocuments),
		web.Op(own("getCareerDocument", http.MethodGet, "/{kind}", "Read a draft", http.StatusOK), w.apiDocument),
		web.Op(own("setCareerDocument", http.MethodPut, "/{kind}", "Set the fields of a draft that are not those of a line", http.StatusOK), w.apiSetDocument),
		web.Op(own("discardCareerDocument", http.MethodDelete, "/{kind}", "Delete a draft", http.StatusNoContent), w.apiDiscard),
		web.Op(own("listCareerDocumentPieces", http.MethodGet, "/{kind}/pieces", "List the evidence that a document can be filled from", http.StatusOK), w.apiPieces),
		web.Op(own("fillCareerDocument", http.MethodPost, "/{kind}/pieces", "Fill a draft from evidence, and begin it", http.StatusCreated), w.apiTakeIn),
		web.Op(own("addCareerDocumentLine", http.MethodPost, "/{kind}/lines", "Add a line of one's own", http.StatusCreated), w.apiAddLine),
		web.Op(own("changeCareerDocumentLine", http.MethodPut, "/{kind}/lines/{id}", "Word a line", http.StatusOK), w.apiChangeLine),
		web.Op(own("removeCareerDocumentLine", http.MethodDelete, "/{kind}/lines/{id}", "Take a line out of a draft; its evidence stays", http.StatusNoContent), w.apiTakeOut),
		web.Op(file, w.apiDocumentFile),
	}
}

func lineJSON(d *career.Draft, l *paper.Line) careerDocumentLine {
	leaves, _ := d.Leaves.Line(l.ID)
	out := careerDocumentLine{
		ID: l.ID, Section: l.Section, Source: l.Source, Fields: l.Values, Leaves: leaves.Values, Role: string(l.Role()), Basis: leaves.Basis(), Gone: l.Gone, Version: l.Version,
	}
	if l.Section == "entry" {
		out.Months, out.Counts, out.WhyNot, out.Over = len(l.Months(d.Paper.Today)), l.Counts(), l.WhyNot(), d.Leaves.Over(leaves.Values)
	}
	return out
}

func (w *Web) apiDraft(ctx context.Context, who authz.Actor, kind string) (career.Draft, error) {
	d, err := w.career.DraftOf(ctx, who, paper.Kind(kind))
	if err == nil && !d.On {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	return d, err
}

func (w *Web) apiDocuments(ctx context.Context, who authz.Actor, _ *struct{}) (*careerDocumentsOutput, error) {
	begun, on, err := w.career.Papers(ctx, who)
	if err == nil && !on {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	if err != nil {
		return nil, err
	}
	out := &careerDocumentsOutput{}
	out.Body.Items = []careerDocumentBegun{}
	for _, s := range paper.Specs() {
		one := careerDocumentBegun{Kind: string(s.Kind), Name: s.Name, Formats: []string{}}
		for _, f := range s.Formats {
			one.Formats = append(one.Formats, string(f))
		}
		if i := slices.IndexFunc(begun, func(b career.Started) bool { return b.Kind == s.Kind }); i >= 0 {
			one.Lines, one.Version = begun[i].Lines, begun[i].Version
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

func (w *Web) apiDocument(ctx context.Context, who authz.Actor, in *CareerDocumentPath) (*careerDocumentOutput, error) {
	d, err := w.apiDraft(ctx, who, in.Kind)
	if err == nil && d.Paper.Version == 0 {
		err = errs.Missing("draft")
	}
	if err != nil {
		return nil, err
	}
	out := &careerDocumentOutput{ETag: web.ETag(d.Paper.Version), Body: careerDocument{Kind: in.Kind, Fields: d.Paper.Values, Lines: []careerDocumentLine{}, MonthsLed: d.Leaves.MonthsLed(), Version: d.Paper.Version}}
	for i := range d.Paper.Lines {
		out.Body.Lines = append(out.Body.Lines, lineJSON(&d, &d.Paper.Lines[i]))
	}
	return out, nil
}

// inFields says of errors that they stand below the fields of the body.
func inFields(err error) error {
	return web.Inside("/fields", err, func(name string) bool { return name != "section" && name != "pieces" })
}

func (w *Web) apiSetDocument(ctx context.Context, who authz.Actor, in *setCareerDocumentInput) (*careerDocumentOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.career.SetPaper(ctx, who, paper.Kind(in.Kind), version, in.Body.Fields); err != nil {
		return nil, inFields(err)
	}
	return w.apiDocument(ctx, who, &in.CareerDocumentPath)
}

func (w *Web) apiDiscard(ctx context.Context, who authz.Actor, in *CareerDocumentPath) (*struct{}, error) {
	return nil, w.career.Discard(ctx, who, paper.Kind(in.Kind))
}

func (w *Web) apiPieces(ctx context.Context, who authz.Actor, in *CareerDocumentPath) (*careerDocumentPiecesOutput, error) {
	d, err := w.apiDraft(ctx, who, in.Kind)
	if err != nil {
		return nil, err
	}
	out := &careerDocumentPiecesOutput{}
	out.Body.Items = []careerDocumentPiece{}
	for _, p := range d.Pieces {
		out.Body.Items = append(out.Body.Items, careerDocumentPiece{p.Source, p.Proposed, d.Taken(p.Source), p.Says, string(p.Facts.Role), p.Facts.From, p.Facts.To})
	}
	return out, nil
}

func (w *Web) apiTakeIn(ctx context.Context, who authz.Actor, in *fillCareerDocumentInput) (*careerDocumentOutput, error) {
	if err := w.career.TakeIn(ctx, who, paper.Kind(in.Kind), in.Body.Pieces); err != nil {
		return nil, err
	}
	return w.apiDocument(ctx, who, &in.CareerDocumentPath)
}

func (w *Web) apiPutLine(ctx context.Context, who authz.Actor, kind string, l paper.Line) (*careerDocumentLineOutput, error) {
	id, err := w.career.PutLine(ctx, who, paper.Kind(kind), l)
	if err != nil {
		return nil, inFields(err)
	}
	d, err := w.apiDraft(ctx, who, kind)
	if err != nil {
		return nil, err
	}
	kept, ok := d.Paper.Line(id)
	if !ok {
		return nil, errs.Missing("line")
	}
	return &careerDocumentLineOutput{web.ETag(kept.Version), lineJSON(&d, kept)}, nil
}

func (w *Web) apiAddLine(ctx context.Context, who authz.Actor, in *addCareerDocumentLineInput) (*careerDocumentLineOutput, error) {
	return w.apiPutLine(ctx, who, in.Kind, paper.Line{Section: in.Body.Section, Values: in.Body.Fields})
}

func (w *Web) apiChangeLine(ctx context.Context, who authz.Actor, in *changeCareerDocumentLineInput) (*careerDocumentLineOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return w.apiPutLine(ctx, who, in.Kind, paper.Line{ID: in.ID, Values: in.Body.Fields, Version: version})
}

func (w *Web) apiTakeOut(ctx context.Context, who authz.Actor, in *careerDocumentLineInput) (*struct{}, error) {
	return nil, w.career.TakeOut(ctx, who, paper.Kind(in.Kind), in.ID)
}

func (w *Web) apiDocumentFile(ctx context.Context, who authz.Actor, in *careerDocumentFileInput) (*careerDocumentFileOutput, error) {
	f, err := w.career.TakeAway(ctx, who, paper.Kind(in.Kind), paper.Format(strings.ToLower(in.Format)))
	if err != nil {
		return nil, err
	}
	return &careerDocumentFileOutput{f.MediaType, mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}), f.Content}, nil
}
