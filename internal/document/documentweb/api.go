package documentweb

import (
	"context"
	"net/http"

	"cairn/internal/document"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type documentJSON struct {
	ID       string                `json:"id,omitempty" doc:"Absent for a document that is asked for and not begun."`
	Project  string                `json:"project"`
	Kind     string                `json:"kind,omitempty" doc:"Of a document that the method asks for."`
	Name     string                `json:"name"`
	Purpose  string                `json:"purpose,omitempty"`
	State    string                `json:"state" enum:"not_begun,draft,submitted,approved,sent_back,superseded" doc:"Of the newest version."`
	Latest   int                   `json:"latest" doc:"Number of the newest version."`
	Approved int                   `json:"approved" doc:"Number of the version that counts; 0: none is approved."`
	Changed  int64                 `json:"changed_at" doc:"Microseconds, UTC."`
	Required *requiredDocumentJSON `json:"required,omitempty" doc:"What the method asks."`
	Versions []documentVersionJSON `json:"versions,omitempty" doc:"Newest first."`
}

type requiredDocumentJSON struct {
	Phase  string   `json:"phase,omitempty"`
	Gate   string   `json:"due_gate,omitempty"`
	DueOn  string   `json:"due_on,omitempty"`
	Pages  int      `json:"pages,omitempty" doc:"At most."`
	Hours  float64  `json:"hours,omitempty" doc:"That it usually takes."`
	Fields []string `json:"headings" nullable:"false" doc:"Of its template."`
}

type documentVersionJSON struct {
	Number      int    `json:"number"`
	Form        string `json:"form" enum:"text,file,link"`
	State       string `json:"state" enum:"draft,submitted,approved,sent_back,superseded"`
	Text        string `json:"text,omitempty"`
	URL         string `json:"url,omitempty"`
	File        string `json:"file,omitempty" doc:"Name of the file."`
	MediaType   string `json:"media_type"`
	Size        int64  `json:"size" doc:"Bytes."`
	SHA256      string `json:"sha256" doc:"Of what the version says; send it back to approve."`
	Writer      string `json:"writer,omitempty"`
	WrittenAt   int64  `json:"written_at"`
	Asked       string `json:"asked,omitempty" doc:"The role that was asked to approve."`
	SubmittedAt int64  `json:"submitted_at,omitempty"`
	DecidedBy   string `json:"decided_by,omitempty"`
	DecidedAt   int64  `json:"decided_at,omitempty"`
	Reason      string `json:"reason,omitempty" doc:"Why it was sent back."`
	Erased      bool   `json:"erased,omitempty" doc:"What it said went with its writer."`
}

func toJSON(e document.Entry, versions []document.Version) documentJSON {
	out := documentJSON{ID: e.ID, Project: e.Project, Kind: e.Kind, Name: e.Name, Purpose: e.Purpose, State: string(e.State), Latest: e.Latest, Approved: e.Document.Approved, Changed: e.ChangedAt}
	if out.State == "" {
		out.State = "not_begun"
	}
	if r := e.Required; r != nil {
		out.Required = &requiredDocumentJSON{r.Phase, r.DueGate, r.DueOn, r.Pages, r.Hours, append([]string{}, r.Fields...)}
	}
	for _, v := range versions {
		x := documentVersionJSON{
			Number: v.Number, Form: string(v.Form), State: string(v.State), File: v.FileName, MediaType: v.MediaType, Size: v.Size, SHA256: v.SHA256,
			Writer: v.WriterName, WrittenAt: v.WrittenAt, Asked: v.Asked, SubmittedAt: v.SubmittedAt, DecidedBy: v.DecidedByName, DecidedAt: v.DecidedAt, Reason: v.Reason, Erased: v.Erased,
		}
		switch v.Form {
		case document.Text:
			x.Text = v.Body
		case document.Link:
			x.URL = v.Body
		case document.File:
		}
		out.Versions = append(out.Versions, x)
	}
	return out
}

type documentsInput struct {
	State   string `query:"state" enum:"draft,submitted,approved,sent_back"`
	Kind    string `query:"kind" maxLength:"100"`
	Project string `query:"project" maxLength:"36"`
	After   string `query:"after" maxLength:"400"`
}

type documentsOutput struct {
	Body struct {
		Items []documentJSON `json:"items" nullable:"false"`
		Next  string         `json:"next,omitempty"`
	}
}

type documentIDInput struct {
	ID string `path:"id" maxLength:"36"`
}

type documentOutput struct{ Body documentJSON }

// DocumentVersion names a version of a document; it is exported to be embedded.
type DocumentVersion struct {
	ID     string `path:"id" maxLength:"36"`
	Number int    `path:"number" minimum:"1" maximum:"1000000"`
}

type compareDocumentInput struct {
	ID   string `path:"id" maxLength:"36"`
	From int    `query:"from" required:"true" minimum:"1" maximum:"1000000"`
	To   int    `query:"to" required:"true" minimum:"1" maximum:"1000000"`
}

type comparedDocumentOutput struct {
	Body struct {
		Same  bool               `json:"same" doc:"Byte for byte."`
		Lines []comparedLineJSON `json:"lines" nullable:"false" doc:"Of two texts: what changed, with what stands around it."`
	}
}

type comparedLineJSON struct {
	Op   string `json:"op" enum:"kept,out,in"`
	Text string `json:"text"`
}

// operations are reading documents.
func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listDocuments", Method: http.MethodGet, Path: "/documents", Tag: "documents", Action: document.SeeDocuments, Summary: "List documents of the projects that one sees, newest change first"}, w.apiList),
		web.Op(web.Spec{ID: "listProjectDocuments", Method: http.MethodGet, Path: "/projects/{id}/documents", Tag: "documents", Action: document.SeeDocuments, Summary: "List the documents of a project, those that the method asks for first"}, w.apiShelf),
		web.Op(web.Spec{ID: "getDocument", Method: http.MethodGet, Path: "/documents/{id}", Tag: "documents", Action: document.SeeDocuments, Summary: "Read a document with its versions"}, w.apiGet),
		web.Op(web.Spec{ID: "compareDocument", Method: http.MethodGet, Path: "/documents/{id}/compare", Tag: "documents", Action: document.SeeDocuments, Summary: "Compare two versions of a document"}, w.apiCompare),
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *documentsInput) (*documentsOutput, error) {
	f, err := readFilter(func(name string) string {
		return map[string]string{"state": in.State, "kind": in.Kind, "project": in.Project, "after": in.After}[name]
	})
	if err != nil {
		return nil, err
	}
	page, err := w.docs.List(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{}
	out.Body.Items, out.Body.Next = make([]documentJSON, 0, len(page.Documents)), next(page)
	for _, d := range page.Documents {
		out.Body.Items = append(out.Body.Items, toJSON(document.Entry{Document: d}, nil))
	}
	return out, nil
}

func (w *Web) apiShelf(ctx context.Context, who authz.Actor, in *documentIDInput) (*documentsOutput, error) {
	sh, err := w.docs.Shelf(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &documentsOutput{}
	out.Body.Items = []documentJSON{}
	for _, list := range [][]document.Entry{sh.Required, sh.Others} {
		for _, e := range list {
			out.Body.Items = append(out.Body.Items, toJSON(e, nil))
		}
	}
	return out, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *documentIDInput) (*documentOutput, error) {
	sh, err := w.docs.Document(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &documentOutput{toJSON(sh.Entry, sh.Versions)}, nil
}

func (w *Web) apiCompare(ctx context.Context, who authz.Actor, in *compareDocumentInput) (*comparedDocumentOutput, error) {
	c, err := w.docs.Compare(ctx, who, in.ID, in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &comparedDocumentOutput{}
	out.Body.Same, out.Body.Lines = c.Same, []comparedLineJSON{}
	for _, b := range c.Blocks {
		for _, l := range b.Lines {
			out.Body.Lines = append(out.Body.Lines, comparedLineJSON{map[string]string{"": "kept", "-": "out", "+": "in"}[l.Op], l.Text})
		}
	}
	return out, nil
}
