package transferweb

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

type importInput struct {
	from     io.Reader // the file, read as it comes
	File     string    `query:"file" required:"true" maxLength:"200" doc:"Name of the file; without dates it names the source."`
	Sheet    string    `query:"sheet" maxLength:"100" doc:"Worksheet of a workbook; by default the first one that shows a register."`
	Repeated string    `query:"repeated" enum:"first,refuse,all" doc:"Of rows that repeat a record: first takes the first and leaves the others out, refuse refuses the others, all refuses all."`
	Profile  string    `query:"profile" maxLength:"100"`
	Source   string    `query:"source" maxLength:"100"`
	AsAt     string    `query:"as_at" maxLength:"10"`
	Dates    string    `query:"dates" enum:"dmy,mdy"`
	Kind     string    `query:"kind" maxLength:"20" doc:"gates for gate decisions that were taken elsewhere; projects when it is empty."`
	DryRun   bool      `query:"dry_run"`
	GoodRows bool      `query:"good_rows" doc:"Apply good rows only; otherwise it is all or nothing."`
}

// Resolve implements huma.Resolver.
func (in *importInput) Resolve(ctx huma.Context) []error {
	in.from = ctx.BodyReader()
	return nil
}

type reportBody struct {
	transfer.Report
	Applied bool   `json:"applied"`
	ID      string `json:"id,omitempty"`
}

type importOutput struct{ Body reportBody }

type importsInput struct {
	Before string `query:"before" maxLength:"36" format:"uuid" doc:"The last id of the page before."`
}

type importJSON struct {
	ID        string `json:"id"`
	Kind      string `json:"kind,omitempty" doc:"gates for past gate decisions; projects when it is absent."`
	File      string `json:"file"`
	Source    string `json:"source"`
	AsAt      string `json:"as_at"`
	Rows      int    `json:"rows"`
	Created   int    `json:"created"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	Vanished  int    `json:"vanished"`
	Refused   int    `json:"refused"`
}

type importsOutput struct {
	Body struct {
		Items []importJSON `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty" doc:"Send it as before for the next page; absent on the last."`
	}
}

// octets is what an upload sends.
const octets = "application/octet-stream"

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "importProjects", Method: http.MethodPost, Path: "/imports", Tag: "imports", Action: transfer.Import, Summary: "Import projects, or past gate decisions, from a CSV or XLSX file", Details: "With an Idempotency-Key the file is held whole while it arrives.", Takes: octets, MaxBody: sheet.MaxBytes}, w.apiImport),
		web.Op(web.Spec{ID: "listImports", Method: http.MethodGet, Path: "/imports", Tag: "imports", Action: transfer.Import, Summary: "List what was imported, newest first"}, w.apiList),
	}
}

func (w *Web) apiImport(ctx context.Context, who authz.Actor, in *importInput) (*importOutput, error) {
	if _, err := w.files.Imports(ctx, who, transfer.AnyKind, "", 1); err != nil {
		return nil, err
	}
	src, forget, err := w.files.Receive(ctx, who, cleanName(in.File), in.from)
	if err != nil {
		return nil, err
	}
	defer forget()
	plan, err := w.files.PlanFor(ctx, who, src, transfer.Wish{
		Sheet: in.Sheet, Profile: in.Profile, Source: in.Source, AsAt: in.AsAt, Dates: reading.Order(in.Dates), Repeated: in.Repeated, GoodOnly: in.GoodRows, Kind: in.Kind,
	})
	if err != nil {
		return nil, err
	}
	rep, err := w.files.Run(ctx, who, src, plan, in.DryRun)
	return &importOutput{reportBody{rep, rep.Applied && !in.DryRun, rep.ID}}, err
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *importsInput) (*importsOutput, error) {
	past, err := w.files.Imports(ctx, who, transfer.AnyKind, in.Before, perPage+1)
	if err != nil {
		return nil, err
	}
	out := &importsOutput{}
	if len(past) > perPage {
		past = past[:perPage]
		out.Body.Next = past[perPage-1].ID
	}
	out.Body.Items = make([]importJSON, 0, len(past))
	for _, p := range past {
		out.Body.Items = append(out.Body.Items, pastJSON(p))
	}
	return out, nil
}

func pastJSON(p transfer.Past) importJSON {
	return importJSON{p.ID, p.Kind, p.File, p.Source, p.AsAt, p.Rows, p.Created, p.Changed, p.Unchanged, p.Vanished, p.Refused}
}
