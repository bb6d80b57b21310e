package raidweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/raid"
)

type actionOriginJSON struct {
	Kind  string `json:"kind" enum:"meeting,gate,finding,condition,report,decision,hand"`
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	Path  string `json:"path,omitempty" doc:"Address of the page that it comes from."`
}

type actionJSON struct {
	ID         string           `json:"id"`
	Title      string           `json:"title"`
	Detail     string           `json:"detail,omitempty"`
	Project    string           `json:"project,omitempty"`
	Owner      string           `json:"owner" doc:"Id of the person who does it."`
	OwnerName  string           `json:"owner_name"`
	Due        string           `json:"due"`
	State      string           `json:"state" enum:"open,done,dropped"`
	DaysOver   int              `json:"days_over" doc:"How many days an open action is past its date today."`
	AgeDays    int              `json:"age_days"`
	RaisedBy   string           `json:"raised_by,omitempty"`
	RaisedOn   string           `json:"raised_on"`
	Origin     actionOriginJSON `json:"origin"`
	EndedOn    string           `json:"ended_on,omitempty"`
	EndedWords string           `json:"ended_words,omitempty" doc:"The proof, or why it was dropped."`
	DueMoves   int              `json:"due_moves" doc:"How often its date moved."`
	Version    int64            `json:"version"`
	Steps      []actionStepJSON `json:"steps,omitempty"`
}

type actionStepJSON struct {
	What  string `json:"what"`
	Was   string `json:"was,omitempty"`
	Is    string `json:"is,omitempty"`
	Words string `json:"words,omitempty"`
	By    string `json:"by,omitempty"`
	At    int64  `json:"at" doc:"Microseconds since 1970, UTC."`
}

func toJSON(a raid.Action, today string) actionJSON {
	return actionJSON{
		ID: a.ID, Title: a.Title, Detail: a.Detail, Project: a.Project, Owner: a.Owner, OwnerName: a.OwnerName, Due: a.Due, State: string(a.State),
		DaysOver: a.Over(today), AgeDays: a.Age(today), RaisedBy: a.RaisedBy, RaisedOn: a.RaisedOn,
		Origin:  actionOriginJSON{string(a.Origin.Kind), a.Origin.ID, a.Origin.Title, a.Origin.Path},
		EndedOn: a.EndedOn, EndedWords: a.EndedWords, DueMoves: a.Moves, Version: a.Version,
	}
}

type actionsInput struct {
	Mine    bool   `query:"mine"`
	Left    bool   `query:"left" doc:"Those whose owner has left or whose account is deactivated."`
	Overdue bool   `query:"overdue"`
	Project string `query:"project" maxLength:"36"`
	Origin  string `query:"origin" enum:"meeting,gate,finding,condition,report,decision,hand"`
	From    string `query:"origin_id" maxLength:"36" doc:"Id of the thing that raised them."`
	State   string `query:"state" enum:"open,done,dropped,all"`
	Find    string `query:"find" maxLength:"200"`
	Sort    string `query:"sort" enum:"due,age"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After   string `query:"after" maxLength:"400"`
}

type actionsOutput struct {
	Body struct {
		Items   []actionJSON `json:"items" nullable:"false"`
		Count   int          `json:"count"`
		Overdue int          `json:"overdue"`
		Next    string       `json:"next,omitempty"`
	}
}

type actionInput struct {
	ID string `path:"id" maxLength:"36"`
}

type actionOutput struct {
	ETag string `header:"ETag"`
	Body actionJSON
}

type raiseInput struct {
	Body struct {
		Title   string `json:"title" maxLength:"200"`
		Detail  string `json:"detail,omitempty" maxLength:"4000"`
		Project string `json:"project,omitempty" maxLength:"36"`
		Owner   string `json:"owner" maxLength:"36"`
		Due     string `json:"due" maxLength:"10"`
	}
}

type changeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Title  string `json:"title" maxLength:"200"`
		Detail string `json:"detail,omitempty" maxLength:"4000"`
		Due    string `json:"due" maxLength:"10"`
		Why    string `json:"why,omitempty" maxLength:"4000" doc:"Needed when the date moves."`
	}
}

type actionStepInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Words string `json:"words,omitempty" maxLength:"4000" doc:"The proof, or the reason."`
		To    string `json:"to,omitempty" maxLength:"36" doc:"Of a hand-over: id of who takes it."`
		Due   string `json:"due,omitempty" maxLength:"10" doc:"Of a reopening: by when."`
	}
}

func (w *Web) operations() []web.Operation {
	const tag = "actions"
	step := func(id, path string, act authz.Action, summary string, do func(ctx context.Context, who authz.Actor, in *actionStepInput, version int64) error) web.Operation {
		return web.Op(web.Spec{ID: id, Method: http.MethodPost, Path: "/actions/{id}/" + path, Tag: tag, Action: act, Summary: summary}, func(ctx context.Context, who authz.Actor, in *actionStepInput) (*actionOutput, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			if err := do(ctx, who, in, version); err != nil {
				return nil, err
			}
			return w.apiGet(ctx, who, &actionInput{in.ID})
		})
	}
	return []web.Operation{
		web.Op(web.Spec{ID: "listActions", Method: http.MethodGet, Path: "/actions", Tag: tag, Action: raid.SeeActions, Summary: "List actions, open ones unless said, the soonest due first"}, w.apiList),
		web.Op(web.Spec{ID: "getAction", Method: http.MethodGet, Path: "/actions/{id}", Tag: tag, Action: raid.SeeActions, Summary: "Read an action with what became of it"}, w.apiGet),
		web.Op(web.Spec{ID: "raiseAction", Method: http.MethodPost, Path: "/actions", Tag: tag, Action: raid.RaiseAction, Summary: "Raise an action by hand", Status: http.StatusCreated}, w.apiRaise),
		web.Op(web.Spec{ID: "changeAction", Method: http.MethodPut, Path: "/actions/{id}", Tag: tag, Action: raid.ChangeAction, Summary: "Change an open action or its date"}, w.apiChange),
		step("handOverAction", "hand-over", raid.HandOverOwned, "Hand an open action over", func(ctx context.Context, who authz.Actor, in *actionStepInput, version int64) error {
			return w.raid.HandOver(ctx, who, in.ID, version, in.Body.To, in.Body.Words)
		}),
		step("finishAction", "done", raid.FinishAction, "Say that an action is done", func(ctx context.Context, who authz.Actor, in *actionStepInput, version int64) error {
			return w.raid.Done(ctx, who, in.ID, version, in.Body.Words)
		}),
		step("dropAction", "drop", raid.ChangeAction, "Drop an action that nobody needs", func(ctx context.Context, who authz.Actor, in *actionStepInput, version int64) error {
			return w.raid.Drop(ctx, who, in.ID, version, in.Body.Words)
		}),
		step("reopenAction", "reopen", raid.ReopenAction, "Open an ended action again", func(ctx context.Context, who authz.Actor, in *actionStepInput, version int64) error {
			return w.raid.Reopen(ctx, who, in.ID, version, in.Body.Words, in.Body.Due)
		}),
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, in *actionsInput) (*actionsOutput, error) {
	f := raid.Filter{
		Mine: in.Mine, Left: in.Left, Overdue: in.Overdue, Project: in.Project, Origin: raid.OriginKind(in.Origin), OriginID: in.From, State: in.State,
		Find: in.Find, Sort: raid.Sort(in.Sort), Limit: in.Limit,
	}
	cur, err := web.ParseCursor("actions "+in.Sort, in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	page, err := w.raid.List(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &actionsOutput{}
	out.Body.Items, out.Body.Count, out.Body.Overdue = make([]actionJSON, 0, len(page.Actions)), page.Count, page.Overdue
	for _, a := range page.Actions {
		out.Body.Items = append(out.Body.Items, toJSON(a, page.Today))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "actions " + in.Sort, Key: page.NextKey, ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiGet(ctx context.Context, who authz.Actor, in *actionInput) (*actionOutput, error) {
	sh, err := w.raid.Action(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &actionOutput{ETag: web.ETag(sh.Version), Body: toJSON(sh.Action, sh.Today)}
	for _, st := range sh.Steps {
		out.Body.Steps = append(out.Body.Steps, actionStepJSON{string(st.What), st.Was, st.Became, st.Words, st.By, st.At})
	}
	return out, nil
}

func (w *Web) apiRaise(ctx context.Context, who authz.Actor, in *raiseInput) (*actionOutput, error) {
	b := in.Body
	a, err := w.raid.Raise(ctx, who, raid.Action{Title: b.Title, Detail: b.Detail, Project: b.Project, Owner: b.Owner, Due: b.Due})
	if err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &actionInput{a.ID})
}

func (w *Web) apiChange(ctx context.Context, who authz.Actor, in *changeInput) (*actionOutput, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	if err := w.raid.Change(ctx, who, in.ID, version, raid.Edit{Title: in.Body.Title, Detail: in.Body.Detail, Due: in.Body.Due, Why: in.Body.Why}); err != nil {
		return nil, err
	}
	return w.apiGet(ctx, who, &actionInput{in.ID})
}
