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

type stageInput struct {
	from     io.Reader // the file, read as it comes
	File     string    `query:"file" required:"true" maxLength:"200" doc:"Name of the file; without dates it names the source."`
	Sheet    string    `query:"sheet" maxLength:"100" doc:"Worksheet of a workbook; by default the first one that shows a register."`
	Repeated string    `query:"repeated" enum:"first,refuse,all" doc:"Of rows that repeat a record: first takes the first and leaves the others out, refuse refuses the others, all refuses all."`
	Profile  string    `query:"profile" maxLength:"100"`
	Source   string    `query:"source" maxLength:"100"`
	AsAt     string    `query:"as_at" maxLength:"10"`
	Dates    string    `query:"dates" enum:"dmy,mdy"`
	Kind     string    `query:"kind" maxLength:"20" doc:"gates for gate decisions that were taken elsewhere; projects when it is empty."`
}

// Resolve implements huma.Resolver.
func (in *stageInput) Resolve(ctx huma.Context) []error {
	in.from = ctx.BodyReader()
	return nil
}

type stagedJSON struct {
	ID       string           `json:"id"`
	File     string           `json:"file"`
	State    string           `json:"state" enum:"waiting,trying,tried,applying,done,failed" doc:"A file is trying until its dry run is kept, then tried; applying until it is in, then done."`
	Done     int              `json:"done" doc:"Rows that the work under way has done."`
	Total    int              `json:"total" doc:"Of so many; 0 until they are counted."`
	Problem  string           `json:"problem,omitempty" doc:"Why it failed. Nothing was changed."`
	Problems []string         `json:"problems,omitempty" doc:"What is wrong with how the columns are read."`
	Import   string           `json:"import,omitempty" doc:"Id of the import that it became; absent if nothing was to be done."`
	Report   *transfer.Report `json:"report,omitempty" doc:"The dry run."`
	Notes    []string         `json:"notes,omitempty" doc:"What was settled without asking."`
	Fixes    []transfer.Fix   `json:"corrections,omitempty"`
}

type stagedOutput struct{ Body stagedJSON }

type applyStagedInput struct {
	ID       string `path:"id" maxLength:"36"`
	GoodRows bool   `query:"good_rows" doc:"Apply good rows only; otherwise it is all or nothing."`
}

type correctInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Items []transfer.Fix `json:"items" maxItems:"500" nullable:"false" doc:"One of a cell takes the place of an earlier one of it."`
	}
}

// stagedAPI is importing step by step, for files that take longer than a request.
func (w *Web) stagedAPI() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "stageImport", Method: http.MethodPost, Path: "/staged-imports", Tag: "imports", Action: transfer.Import, Status: http.StatusAccepted, Takes: octets, MaxBody: sheet.MaxBytes, Summary: "Upload a file and try it behind the request", Details: "Read it until its state is tried, correct cells, then apply it by its id. It is seen by its owner alone and goes after 48 hours. With an Idempotency-Key the file is held whole while it arrives."}, w.apiStage),
		web.Op(web.Spec{ID: "getStagedImport", Method: http.MethodGet, Path: "/staged-imports/{id}", Tag: "imports", Action: transfer.Import, Summary: "Read how far a staged file has come, and what it would do"}, w.apiStaged),
		web.Op(web.Spec{ID: "correctStagedImport", Method: http.MethodPost, Path: "/staged-imports/{id}/corrections", Tag: "imports", Action: transfer.Import, Status: http.StatusAccepted, Summary: "Correct single cells of a staged file and try it again"}, w.apiCorrect),
		web.Op(web.Spec{ID: "applyStagedImport", Method: http.MethodPost, Path: "/staged-imports/{id}/apply", Tag: "imports", Action: transfer.Import, Status: http.StatusAccepted, Summary: "Import a staged file, once"}, w.apiApplyStaged),
		web.Op(web.Spec{ID: "getStagedRefusedRows", Method: http.MethodGet, Path: "/staged-imports/{id}/refused", Tag: "imports", Action: transfer.Import, Summary: "Get the refused rows of a staged file back, with their reasons", Media: []string{transfer.CSV.MediaType()}}, w.apiStagedRefused),
		web.Op(web.Spec{ID: "discardStagedImport", Method: http.MethodDelete, Path: "/staged-imports/{id}", Tag: "imports", Action: transfer.Import, Status: http.StatusNoContent, Summary: "Forget a staged file"}, w.apiDiscard),
	}
}

func (w *Web) apiStage(ctx context.Context, who authz.Actor, in *stageInput) (*stagedOutput, error) {
	id, err := w.files.Stage(ctx, who, in.Kind, cleanName(in.File), in.from, &transfer.Wish{
		Sheet: in.Sheet, Profile: in.Profile, Source: in.Source, AsAt: in.AsAt, Dates: reading.Order(in.Dates), Repeated: in.Repeated,
	})
	if err != nil {
		return nil, err
	}
	return w.apiStaged(ctx, who, &importID{id})
}

func (w *Web) apiStaged(ctx context.Context, who authz.Actor, in *importID) (*stagedOutput, error) {
	u, err := w.files.Upload(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := w.files.Progress(ctx, u)
	if err != nil {
		return nil, err
	}
	out := stagedJSON{ID: u.ID, File: u.File, State: string(u.State), Done: p.Done, Total: p.Total, Problem: u.Problem, Import: u.Import, Fixes: u.Fixes}
	if t := u.Trial; t != nil && u.State == transfer.Tried {
		for _, f := range t.Errors {
			out.Problems = append(out.Problems, f.Message)
		}
		if len(t.Errors) == 0 {
			if t.Report.Refused == nil {
				t.Report.Refused = []transfer.Refusal{}
			}
			out.Report, out.Notes = &t.Report, t.Report.Notes
		}
	}
	return &stagedOutput{out}, nil
}

func (w *Web) apiCorrect(ctx context.Context, who authz.Actor, in *correctInput) (*stagedOutput, error) {
	if err := w.files.Correct(ctx, who, in.ID, in.Body.Items); err != nil {
		return nil, err
	}
	return w.apiStaged(ctx, who, &importID{in.ID})
}

func (w *Web) apiApplyStaged(ctx context.Context, who authz.Actor, in *applyStagedInput) (*stagedOutput, error) {
	if _, _, err := w.files.Apply(ctx, who, in.ID, in.GoodRows); err != nil {
		return nil, err
	}
	return w.apiStaged(ctx, who, &importID{in.ID})
}

func (w *Web) apiStagedRefused(ctx context.Context, who authz.Actor, in *importID) (*fileOutput, error) {
	u, err := w.files.Upload(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	b, err := w.files.Refused(ctx, who, u)
	if err != nil {
		return nil, err
	}
	return &fileOutput{transfer.CSV.MediaType(), `attachment; filename="refused.csv"`, b}, nil
}

func (w *Web) apiDiscard(ctx context.Context, who authz.Actor, in *importID) (*struct{}, error) {
	if _, err := w.files.Upload(ctx, who, in.ID); err != nil {
		return nil, err
	}
	return nil, w.files.Discard(ctx, who, in.ID)
}
