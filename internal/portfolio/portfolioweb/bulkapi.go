package portfolioweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

type bulkInput struct {
	Body struct {
		Projects []string          `json:"projects" minItems:"1" maxItems:"1000" nullable:"false"`
		Field    string            `json:"field" maxLength:"40" doc:"A fact, project_manager, sponsor or pmo_partner, or confidential."`
		Value    string            `json:"value" maxLength:"20000" doc:"Money in minor units, dates in ISO form, a person or programme by id, yes or no."`
		AsAt     string            `json:"as_at,omitempty" maxLength:"10" doc:"Since when it holds; today if absent."`
		DryRun   bool              `json:"dry_run,omitempty" doc:"Show what would be done and change nothing."`
		Seen     map[string]string `json:"seen,omitempty" doc:"The seen of a dry run: if one of the projects changed since, nothing is applied."`
	}
}

type bulkRowJSON struct {
	Project string `json:"project"`
	Name    string `json:"name"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Outcome string `json:"outcome" enum:"changed,unchanged,refused"`
	Note    string `json:"note,omitempty"`
}

type bulkOutput struct {
	Body struct {
		ID        string            `json:"id,omitempty" doc:"Of the bulk edit; absent for a dry run."`
		Changed   int               `json:"changed"`
		Unchanged int               `json:"unchanged"`
		Refused   int               `json:"refused"`
		Hidden    int               `json:"hidden" doc:"Named, and not there for you."`
		Items     []bulkRowJSON     `json:"items" nullable:"false"`
		Seen      map[string]string `json:"seen,omitempty" doc:"Send it with the real run."`
	}
}

type bulkID struct {
	ID string `path:"id" maxLength:"36"`
}

type bulkUndoOutput struct {
	Body struct {
		ID          string `json:"id"`
		Restored    int    `json:"restored" doc:"Values put back."`
		Kept        int    `json:"kept" doc:"Left, since somebody changed them later."`
		Assignments int    `json:"assignments" doc:"Taken back."`
	}
}

func (w *Web) bulkOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "changeManyProjects", Method: http.MethodPost, Path: "/bulk-edits", Tag: "projects", Action: portfolio.ChangeMany, Summary: "Change one fact of up to 1,000 projects, all or nothing"}, w.apiBulk),
		web.Op(web.Spec{ID: "undoBulkEdit", Method: http.MethodPost, Path: "/bulk-edits/{id}/undo", Tag: "projects", Action: portfolio.UndoBulkEdit, Summary: "Undo a bulk edit, within 30 days and once"}, w.apiBulkUndo),
	}
}

func (w *Web) apiBulk(ctx context.Context, who authz.Actor, in *bulkInput) (*bulkOutput, error) {
	b := portfolio.Bulk{Projects: in.Body.Projects, Field: portfolio.Field(in.Body.Field), Value: in.Body.Value, AsAt: or(in.Body.AsAt, w.register.Today()), Seen: in.Body.Seen}
	plan, err := w.register.PlanBulk(ctx, who, b)
	if err != nil {
		return nil, err
	}
	out := &bulkOutput{}
	if in.Body.DryRun {
		out.Body.Seen = plan.Seen
	} else {
		if b.Seen == nil {
			b.Seen = plan.Seen // what is answered is what was done
		}
		if out.Body.ID, err = w.register.ApplyBulk(ctx, who, b); err != nil {
			return nil, err
		}
	}
	out.Body.Changed, out.Body.Unchanged, out.Body.Refused, out.Body.Hidden = plan.Changed, plan.Unchanged, plan.Refused, plan.Hidden
	out.Body.Items = make([]bulkRowJSON, 0, len(plan.Rows))
	for _, c := range plan.Rows {
		out.Body.Items = append(out.Body.Items, bulkRowJSON{c.Project, c.Name, c.Before.Text, c.After.Text, string(c.Outcome), c.Note})
	}
	return out, nil
}

func (w *Web) apiBulkUndo(ctx context.Context, who authz.Actor, in *bulkID) (*bulkUndoOutput, error) {
	u, err := w.register.UndoBulk(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &bulkUndoOutput{}
	out.Body.ID, out.Body.Restored, out.Body.Kept, out.Body.Assignments = in.ID, u.Restored, u.Kept, u.Assignments
	return out, nil
}
