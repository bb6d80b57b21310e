package bodiesweb

import (
	"context"
	"net/http"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type decisionJSON struct {
	ID           string             `json:"id"`
	Title        string             `json:"title"`
	Words        string             `json:"words,omitempty" doc:"Why."`
	State        string             `json:"state" enum:"asked,decided,superseded"`
	AskedOn      string             `json:"asked_on,omitempty"`
	DecidedOn    string             `json:"decided_on,omitempty"`
	Person       string             `json:"person,omitempty" doc:"Who decided, if no body did."`
	Body         string             `json:"body,omitempty"`
	Dissent      string             `json:"dissent,omitempty"`
	Project      string             `json:"project,omitempty"`
	Origin       decisionOriginJSON `json:"origin"`
	Owner        string             `json:"owner,omitempty" doc:"Who carries it out."`
	Due          string             `json:"due,omitempty"`
	DaysOver     int                `json:"days_over,omitempty" doc:"Past the date by which it was to be carried out."`
	CarriedOn    string             `json:"carried_on,omitempty"`
	CarriedWords string             `json:"carried_words,omitempty"`
	Supersedes   string             `json:"supersedes,omitempty"`
	SupersededBy string             `json:"superseded_by,omitempty"`
	RecordedBy   string             `json:"recorded_by,omitempty"`
	Version      int64              `json:"version"`
}

type decisionOriginJSON struct {
	Kind  string `json:"kind" enum:"meeting,gate,report,hand"`
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty"`
	Path  string `json:"path,omitempty" doc:"Address of the page that it comes from."`
}

func toDecision(d bodies.Decision, today string) decisionJSON {
	return decisionJSON{
		ID: d.ID, Title: d.Title, Words: d.Words, State: string(d.State), AskedOn: d.AskedOn, DecidedOn: d.DecidedOn, Person: d.Person, Body: d.Body, Dissent: d.Dissent,
		Project: d.Project, Origin: decisionOriginJSON{string(d.Origin.Kind), d.Origin.ID, d.Origin.Title, d.Origin.Path}, Owner: d.Owner, Due: d.Due, DaysOver: d.Late(today),
		CarriedOn: d.CarriedOn, CarriedWords: d.CarriedWords, Supersedes: d.Supersedes, SupersededBy: d.SupersededBy, RecordedBy: d.RecordedBy, Version: d.Version,
	}
}

type decisionsInput struct {
	Project  string `query:"project" maxLength:"36"`
	Of       string `query:"body" maxLength:"36"`
	State    string `query:"state" enum:"asked,decided,superseded"`
	Origin   string `query:"origin" enum:"meeting,gate,report,hand"`
	OriginID string `query:"origin_id" maxLength:"36"`
	Mine     bool   `query:"mine" doc:"That the reader carries out."`
	Undone   bool   `query:"undone" doc:"Decided, and not carried out yet."`
	Find     string `query:"find" maxLength:"200"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	After    string `query:"after" maxLength:"400"`
}

type decisionsOutput struct {
	Body struct {
		Items []decisionJSON `json:"items" nullable:"false"`
		Count int            `json:"count"`
		Late  int            `json:"late"`
		Next  string         `json:"next,omitempty"`
	}
}

type decisionOutput struct {
	ETag string `header:"ETag"`
	Body decisionJSON
}

// DecisionFields are what a decision is given in the API.
type DecisionFields struct {
	Title   string `json:"title" maxLength:"200"`
	Words   string `json:"words,omitempty" maxLength:"4000"`
	Dissent string `json:"dissent,omitempty" maxLength:"4000"`
	On      string `json:"on,omitempty" maxLength:"10" doc:"When it was decided; today unless said."`
	By      string `json:"by,omitempty" maxLength:"36" doc:"Id of the person who decided, if no body did."`
	Owner   string `json:"owner,omitempty" maxLength:"36"`
	Due     string `json:"due,omitempty" maxLength:"10"`
}

func (f DecisionFields) decision() bodies.Decision {
	return bodies.Decision{Title: f.Title, Words: f.Words, Dissent: f.Dissent, DecidedOn: f.On, Person: f.By, Owner: f.Owner, Due: f.Due}
}

type recordInput struct {
	Body struct {
		DecisionFields
		Of      string `json:"body,omitempty" maxLength:"36" doc:"Id of the governing body that decided."`
		Project string `json:"project,omitempty" maxLength:"36"`
		Ask     bool   `json:"ask,omitempty" doc:"It is asked for, and not decided yet."`
	}
}

type takeInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body DecisionFields
}

type carryInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Proof string `json:"proof" maxLength:"4000"`
	}
}

func (w *Web) decisionAPI() []web.Operation {
	spec := func(id, method, path string, act authz.Action, status int, summary string) web.Spec {
		return web.Spec{ID: id, Method: method, Path: "/decisions" + path, Tag: "decisions", Action: act, Status: status, Summary: summary}
	}
	return []web.Operation{
		web.Op(spec("listDecisions", http.MethodGet, "", bodies.SeeDecisions, 0, "List decisions, the newest first"), w.apiDecisions),
		web.Op(spec("getDecision", http.MethodGet, "/{id}", bodies.SeeDecisions, 0, "Read a decision"), w.apiDecision),
		web.Op(spec("recordDecision", http.MethodPost, "", bodies.RecordDecision, http.StatusCreated, "Record a decision, or ask for one"), func(ctx context.Context, who authz.Actor, in *recordInput) (*decisionOutput, error) {
			d := in.Body.decision()
			d.Body, d.Project = in.Body.Of, in.Body.Project
			if in.Body.Ask {
				d.State = bodies.Asked
			}
			d, err := w.bodies.Record(ctx, who, d)
			return w.decisionAfter(ctx, who, d.ID, err)
		}),
		web.Op(spec("takeDecision", http.MethodPost, "/{id}/take", bodies.RecordDecision, 0, "Take a decision that was asked for"), func(ctx context.Context, who authz.Actor, in *takeInput) (*decisionOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.bodies.Take(ctx, who, in.ID, version, in.Body.decision())
			}
			return w.decisionAfter(ctx, who, in.ID, err)
		}),
		web.Op(spec("supersedeDecision", http.MethodPost, "/{id}/supersede", bodies.RecordDecision, http.StatusCreated, "Take a new decision in the place of an old one"), func(ctx context.Context, who authz.Actor, in *takeInput) (*decisionOutput, error) {
			version, err := in.Version()
			if err != nil {
				return nil, err
			}
			d, err := w.bodies.Supersede(ctx, who, in.ID, version, in.Body.decision())
			return w.decisionAfter(ctx, who, d.ID, err)
		}),
		web.Op(spec("carryOutDecision", http.MethodPost, "/{id}/carried-out", bodies.CarryOutDecision, 0, "Say that a decision is carried out"), func(ctx context.Context, who authz.Actor, in *carryInput) (*decisionOutput, error) {
			version, err := in.Version()
			if err == nil {
				err = w.bodies.CarryOut(ctx, who, in.ID, version, in.Body.Proof)
			}
			return w.decisionAfter(ctx, who, in.ID, err)
		}),
	}
}

// decisionAfter gives a decision as it is after a change, or the change's error.
func (w *Web) decisionAfter(ctx context.Context, who authz.Actor, id string, err error) (*decisionOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiDecision(ctx, who, &idInput{id})
}

func (w *Web) apiDecisions(ctx context.Context, who authz.Actor, in *decisionsInput) (*decisionsOutput, error) {
	f := bodies.DecisionFilter{
		Project: in.Project, Body: in.Of, State: bodies.DecisionState(in.State), Origin: bodies.OriginKind(in.Origin), OriginID: in.OriginID,
		Mine: in.Mine, Undone: in.Undone, Find: in.Find, Limit: in.Limit,
	}
	cur, err := web.ParseCursor("decisions", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.AfterKey, f.AfterID = cur.Key, cur.ID
	}
	page, err := w.bodies.Decisions(ctx, who, f)
	if err != nil {
		return nil, err
	}
	out := &decisionsOutput{}
	out.Body.Items, out.Body.Count, out.Body.Late = make([]decisionJSON, 0, len(page.Decisions)), page.Count, page.Late
	for _, d := range page.Decisions {
		out.Body.Items = append(out.Body.Items, toDecision(d, page.Today))
	}
	if page.NextID != "" {
		out.Body.Next = web.Cursor{List: "decisions", Key: page.NextKey, ID: page.NextID}.String()
	}
	return out, nil
}

func (w *Web) apiDecision(ctx context.Context, who authz.Actor, in *idInput) (*decisionOutput, error) {
	sh, err := w.bodies.Decision(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &decisionOutput{ETag: web.ETag(sh.Version), Body: toDecision(sh.Decision, sh.Today)}, nil
}
