package documentweb

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"cairn/internal/document"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/web"
)

// DocumentContent is what a version says; it is exported to be embedded.
type DocumentContent struct {
	Form string `json:"form" enum:"text,link"`
	Text string `json:"text,omitempty" maxLength:"200000"`
	URL  string `json:"url,omitempty" maxLength:"2000"`
}

func (c DocumentContent) writing() document.Writing {
	w := document.Writing{Form: document.Form(c.Form), Body: c.Text}
	if w.Form == document.Link {
		w.Body = c.URL
	}
	return w
}

type beginDocumentInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		DocumentContent
		Kind    string `json:"kind,omitempty" maxLength:"100" doc:"Of a document that the method asks for; otherwise give a name."`
		Name    string `json:"name,omitempty" maxLength:"200"`
		Purpose string `json:"purpose,omitempty" maxLength:"500"`
	}
}

type writeDocumentInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		DocumentContent
		Base int `json:"base" doc:"Number of the version that it follows."`
	}
}

type beginFileInput struct {
	from    io.Reader // the file, read as it comes
	ID      string    `path:"id" maxLength:"36"`
	File    string    `query:"file" required:"true" maxLength:"200" doc:"Name of the file."`
	Kind    string    `query:"kind" maxLength:"100" doc:"Of a document that the method asks for; otherwise give a name."`
	Name    string    `query:"name" maxLength:"200"`
	Purpose string    `query:"purpose" maxLength:"500"`
}

// Resolve implements huma.Resolver.
func (in *beginFileInput) Resolve(ctx huma.Context) []error {
	in.from = ctx.BodyReader()
	return nil
}

type uploadInput struct {
	from io.Reader // the file, read as it comes
	ID   string    `path:"id" maxLength:"36"`
	File string    `query:"file" required:"true" maxLength:"200" doc:"Name of the file."`
	Base int       `query:"base" required:"true" doc:"Number of the version that it follows."`
}

// Resolve implements huma.Resolver.
func (in *uploadInput) Resolve(ctx huma.Context) []error {
	in.from = ctx.BodyReader()
	return nil
}

type submitDocumentInput struct {
	DocumentVersion
	Body struct {
		Asked string `json:"asked" enum:"sponsor,head_of_pmo,project_manager,pmo_partner" doc:"Who is to approve it."`
	}
}

type approveDocumentInput struct {
	DocumentVersion
	Body struct {
		SHA256 string `json:"sha256" minLength:"64" maxLength:"64" doc:"Of the version as you read it."`
	}
}

type sendBackDocumentInput struct {
	DocumentVersion
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

type documentFileOutput struct {
	ContentType string `header:"Content-Type"`
	Name        string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Length      string `header:"Content-Length"`
	Body        func(huma.Context)
}

// octets is what an upload sends.
const octets = "application/octet-stream"

// steps are writing documents and deciding about them.
func (w *Web) steps() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "beginDocument", Method: http.MethodPost, Path: "/projects/{id}/documents", Tag: "documents", Action: document.WriteDocument, Status: http.StatusCreated, Summary: "Begin a document of a project with a text or a link"}, w.apiBegin),
		web.Op(web.Spec{ID: "beginDocumentFile", Method: http.MethodPost, Path: "/projects/{id}/documents/upload", Tag: "documents", Action: document.WriteDocument, Status: http.StatusCreated, Takes: octets, MaxBody: document.UsualLimit, Summary: "Begin a document of a project with a file", Details: "With an Idempotency-Key the file is held whole, up to 25 MB."}, w.apiBeginFile),
		web.Op(web.Spec{ID: "writeDocument", Method: http.MethodPost, Path: "/documents/{id}/versions", Tag: "documents", Action: document.WriteDocument, Status: http.StatusCreated, Summary: "Write the next version of a document as a text or a link"}, w.apiWrite),
		web.Op(web.Spec{ID: "uploadDocument", Method: http.MethodPost, Path: "/documents/{id}/upload", Tag: "documents", Action: document.WriteDocument, Status: http.StatusCreated, Takes: octets, MaxBody: document.UsualLimit, Summary: "Upload the next version of a document as a file", Details: "With an Idempotency-Key the file is held whole, up to 25 MB."}, w.apiUpload),
		web.Op(web.Spec{ID: "submitDocument", Method: http.MethodPost, Path: "/documents/{id}/versions/{number}/submit", Tag: "documents", Action: document.WriteDocument, Summary: "Ask for the approval of the newest version"}, w.apiSubmit),
		web.Op(web.Spec{ID: "approveDocument", Method: http.MethodPost, Path: "/documents/{id}/versions/{number}/approve", Tag: "documents", Action: document.ApproveDocument, Summary: "Approve a version that somebody else wrote"}, w.apiApprove),
		web.Op(web.Spec{ID: "sendBackDocument", Method: http.MethodPost, Path: "/documents/{id}/versions/{number}/send-back", Tag: "documents", Action: document.ApproveDocument, Summary: "Send a version back with a reason"}, w.apiSendBack),
		web.Op(web.Spec{ID: "downloadDocument", Method: http.MethodGet, Path: "/documents/{id}/versions/{number}/file", Tag: "documents", Action: document.SeeDocuments, Media: []string{octets}, Summary: "Download the file of a version", Details: "It comes under its own media type."}, w.apiDownload),
	}
}

// after reads the document anew once a step is done.
func (w *Web) after(ctx context.Context, who authz.Actor, id string, err error) (*documentOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &documentIDInput{id})
}

func (w *Web) apiBegin(ctx context.Context, who authz.Actor, in *beginDocumentInput) (*documentOutput, error) {
	wr := in.Body.writing()
	wr.Project, wr.Kind, wr.Name, wr.Purpose = in.ID, in.Body.Kind, in.Body.Name, in.Body.Purpose
	v, err := w.docs.Write(ctx, who, wr)
	return w.after(ctx, who, v.Document, err)
}

func (w *Web) apiBeginFile(ctx context.Context, who authz.Actor, in *beginFileInput) (*documentOutput, error) {
	wr := document.Writing{Project: in.ID, Kind: in.Kind, Name: in.Name, Purpose: in.Purpose}
	return w.receive(ctx, who, wr, in.File, in.from)
}

func (w *Web) receive(ctx context.Context, who authz.Actor, wr document.Writing, name string, from io.Reader) (*documentOutput, error) {
	if name = cleanName(name); name == "" {
		return nil, errs.OnField("file", "Give the file a name.")
	}
	v, err := w.docs.Upload(ctx, who, wr, name, from)
	return w.after(ctx, who, v.Document, err)
}

func (w *Web) apiWrite(ctx context.Context, who authz.Actor, in *writeDocumentInput) (*documentOutput, error) {
	wr := in.Body.writing()
	wr.Document, wr.Base = in.ID, in.Body.Base
	_, err := w.docs.Write(ctx, who, wr)
	return w.after(ctx, who, in.ID, err)
}

func (w *Web) apiUpload(ctx context.Context, who authz.Actor, in *uploadInput) (*documentOutput, error) {
	return w.receive(ctx, who, document.Writing{Document: in.ID, Base: in.Base}, in.File, in.from)
}

func (w *Web) apiSubmit(ctx context.Context, who authz.Actor, in *submitDocumentInput) (*documentOutput, error) {
	return w.after(ctx, who, in.ID, w.docs.Submit(ctx, who, in.ID, in.Number, in.Body.Asked))
}

func (w *Web) apiApprove(ctx context.Context, who authz.Actor, in *approveDocumentInput) (*documentOutput, error) {
	return w.after(ctx, who, in.ID, w.docs.Approve(ctx, who, in.ID, in.Number, in.Body.SHA256))
}

func (w *Web) apiSendBack(ctx context.Context, who authz.Actor, in *sendBackDocumentInput) (*documentOutput, error) {
	return w.after(ctx, who, in.ID, w.docs.SendBack(ctx, who, in.ID, in.Number, in.Body.Reason))
}

func (w *Web) apiDownload(ctx context.Context, who authz.Actor, in *DocumentVersion) (*documentFileOutput, error) {
	v, f, err := w.docs.Open(ctx, who, in.ID, in.Number)
	if err != nil {
		return nil, err
	}
	h := fileHeaders(v)
	return &documentFileOutput{
		ContentType: h["Content-Type"], Name: h["Content-Disposition"], Policy: h["Content-Security-Policy"], Length: strconv.FormatInt(v.Size, 10),
		Body: func(ctx huma.Context) { _, _ = io.Copy(ctx.BodyWriter(), f.Reader()) }, // the answer has begun; there is nobody to tell
	}, nil
}
