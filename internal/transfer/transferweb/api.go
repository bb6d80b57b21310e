package transferweb

import (
	"bytes"
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
	"cairn/internal/transfer/sheet"
)

type importInput struct {
	File     string `query:"file" required:"true" maxLength:"200" doc:"Name of the file; without dates it names the source."`
	Profile  string `query:"profile" maxLength:"100"`
	Source   string `query:"source" maxLength:"100"`
	AsAt     string `query:"as_at" maxLength:"10"`
	Dates    string `query:"dates" enum:"dmy,mdy"`
	DryRun   bool   `query:"dry_run"`
	GoodRows bool   `query:"good_rows" doc:"Apply good rows only; otherwise it is all or nothing."`
	RawBody  []byte `contentType:"application/octet-stream"`
}

type reportBody struct {
	transfer.Report
	Applied bool   `json:"applied"`
	ID      string `json:"id,omitempty"`
}

type importOutput struct{ Body reportBody }

type importsInput struct {
	Before string `query:"before" maxLength:"36" doc:"The last id of the page before."`
}

type importJSON struct {
	ID        string `json:"id"`
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

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "importProjects", Method: http.MethodPost, Path: "/imports", Tag: "imports", Action: transfer.Import, Summary: "Import projects from a CSV or XLSX file", MaxBody: sheet.MaxBytes}, w.apiImport),
		web.Op(web.Spec{ID: "listImports", Method: http.MethodGet, Path: "/imports", Tag: "imports", Action: transfer.Import, Summary: "List what was imported, newest first"}, w.apiList),
	}
}

func (w *Web) apiImport(ctx context.Context, who authz.Actor, in *importInput) (*importOutput, error) {
	if _, err := w.files.Imports(ctx, who, "", 1); err != nil {
		return nil, err
	}
	src, err := transfer.Read(bytes.NewReader(in.RawBody), int64(len(in.RawBody)), cleanName(in.File))
	if err != nil {
		return nil, err
	}
	fields, err := w.files.Fields(ctx, who)
	if err != nil {
		return nil, err
	}
	preview, err := transfer.Propose(src.File, "", fields)
	if err != nil {
		return nil, err
	}
	plan := preview.Plan
	plan.Source = transfer.SourceOf(in.File)
	if in.Profile != "" {
		kept, err := w.files.Profile(ctx, who, in.Profile)
		if err != nil {
			return nil, err
		}
		plan = kept.Fit(plan)
	} else if len(preview.Missing) > 0 {
		return nil, errs.OnField("columns", "No column was found for: %s.", preview.Missing[0])
	}
	if in.Source != "" {
		plan.Source = in.Source
	}
	for i := range plan.Columns {
		if in.Dates != "" && plan.Columns[i].Order == reading.Unsettled {
			plan.Columns[i].Order = reading.Order(in.Dates)
		}
	}
	plan.AsAt, plan.GoodOnly = in.AsAt, in.GoodRows
	rep, err := w.files.Run(ctx, who, src, plan, in.DryRun)
	return &importOutput{reportBody{rep, rep.Applied && !in.DryRun, rep.ID}}, err
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *importsInput) (*importsOutput, error) {
	past, err := w.files.Imports(ctx, who, in.Before, perPage+1)
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
	return importJSON{p.ID, p.File, p.Source, p.AsAt, p.Rows, p.Created, p.Changed, p.Unchanged, p.Vanished, p.Refused}
}
