package governanceweb

import (
	"context"
	"net/http"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type waiverOpinionJSON struct {
	Role   string `json:"role"`
	By     string `json:"by,omitempty"`
	Agrees bool   `json:"agrees"`
	Words  string `json:"words,omitempty"`
}

type waiverJSON struct {
	ID           string              `json:"id"`
	Project      string              `json:"project"`
	Name         string              `json:"project_name"`
	Control      string              `json:"control"`
	Tier         string              `json:"tier"`
	Reason       string              `json:"reason"`
	Compensating string              `json:"compensating" doc:"What protects the project instead."`
	From         string              `json:"from"`
	To           string              `json:"to" doc:"The day on which the gap is open again."`
	State        string              `json:"state" enum:"asked,granted,refused,ended"`
	Holds        bool                `json:"holds" doc:"Today."`
	AskedBy      string              `json:"asked_by,omitempty"`
	DecidedBy    string              `json:"decided_by,omitempty"`
	Decided      string              `json:"decided_words,omitempty"`
	Opinions     []waiverOpinionJSON `json:"opinions" nullable:"false"`
	Version      int64               `json:"version" doc:"Send it in If-Match, in quotation marks, to decide or end it."`
}

type waiversInput struct {
	Project string `query:"project" maxLength:"36"`
	Control string `query:"control" maxLength:"60"`
	State   string `query:"state" enum:"asked,granted,expiring,refused,ended" doc:"Granted: holds today. Expiring: within 14 days. All if absent."`
	After   string `query:"after" maxLength:"400"`
}

type waiversOutput struct {
	Body struct {
		Items []waiverJSON `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty"`
	}
}

type askWaiverInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Reason       string `json:"reason"`
		Compensating string `json:"compensating"`
		Until        string `json:"until" maxLength:"10" doc:"A day."`
	}
}

type waiverOpinionInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Agrees bool   `json:"agrees"`
		Words  string `json:"words,omitempty"`
	}
}

type decideWaiverInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Grant bool   `json:"grant"`
		Words string `json:"words,omitempty"`
	}
}

type endWaiverInput struct {
	web.IfMatch
	ID string `path:"id" maxLength:"36"`
}

func (w *Web) waiverOperations() []web.Operation {
	return append([]web.Operation{
		web.Op(web.Spec{ID: "listWaivers", Method: http.MethodGet, Path: "/waivers", Tag: "waivers", Action: governance.SeeGovernance, Summary: "List waivers, the nearest end first"}, w.apiWaivers),
		web.Op(web.Spec{ID: "askForWaiver", Method: http.MethodPost, Path: "/projects/{project}/controls/{control}/waivers", Tag: "waivers", Action: governance.AskWaiver, Summary: "Ask for a control to be waived until a day", Status: http.StatusCreated}, w.apiAskWaiver),
		web.Op(web.Spec{ID: "giveWaiverOpinion", Method: http.MethodPost, Path: "/waivers/{id}/opinion", Tag: "waivers", Action: governance.DecideWaiver, Summary: "Give the opinion that the method wants to hear before", Status: http.StatusNoContent}, w.apiGiveOpinion),
		web.Op(web.Spec{ID: "decideWaiver", Method: http.MethodPost, Path: "/waivers/{id}/decision", Tag: "waivers", Action: governance.DecideWaiver, Summary: "Grant or refuse a waiver", Status: http.StatusNoContent}, w.apiDecideWaiver),
		web.Op(web.Spec{ID: "endWaiver", Method: http.MethodPost, Path: "/waivers/{id}/end", Tag: "waivers", Action: governance.AskWaiver, Summary: "End a waiver before its day", Status: http.StatusNoContent}, w.apiEndWaiver),
	}, w.findingOperations()...)
}

func (w *Web) apiWaivers(ctx context.Context, who authz.Actor, in *waiversInput) (*waiversOutput, error) {
	f := governance.WaiverFilter{Project: in.Project, Control: in.Control, State: in.State}
	cur, err := web.ParseCursor("waivers", in.After)
	if err != nil {
		return nil, err
	}
	if cur != nil {
		f.After, f.AfterID = cur.Key, cur.ID
	}
	list, err := w.gov.Waivers(ctx, who, f, perPage+1)
	if err != nil {
		return nil, err
	}
	out := &waiversOutput{}
	out.Body.Items = []waiverJSON{}
	if len(list) > perPage {
		list = list[:perPage]
		out.Body.Next = web.Cursor{List: "waivers", Key: list[perPage-1].To, ID: list[perPage-1].ID}.String()
	}
	for _, x := range list {
		j := waiverJSON{
			x.ID, x.Project, x.ProjectName, x.Control, x.Tier.String(), x.Reason, x.Compensating, x.From, x.Until(), x.State, x.Holds(w.gov.Today()),
			x.AskedByName, x.DecidedByName, x.DecidedWords,
			[]waiverOpinionJSON{},
			x.Version,
		}
		for _, o := range x.Opinions {
			j.Opinions = append(j.Opinions, waiverOpinionJSON{o.Role, o.Name, o.Agrees, o.Words})
		}
		out.Body.Items = append(out.Body.Items, j)
	}
	return out, nil
}

func (w *Web) apiAskWaiver(ctx context.Context, who authz.Actor, in *askWaiverInput) (*governanceMadeOutput, error) {
	return made(w.gov.AskForWaiver(ctx, who, in.Project, in.Control, in.Body.Reason, in.Body.Compensating, in.Body.Until))
}

func (w *Web) apiGiveOpinion(ctx context.Context, who authz.Actor, in *waiverOpinionInput) (*nothing, error) {
	return &nothing{}, w.gov.Opine(ctx, who, in.ID, in.Body.Agrees, in.Body.Words)
}

func (w *Web) apiDecideWaiver(ctx context.Context, who authz.Actor, in *decideWaiverInput) (*nothing, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return &nothing{}, w.gov.Decide(ctx, who, in.ID, in.Body.Grant, in.Body.Words, version)
}

func (w *Web) apiEndWaiver(ctx context.Context, who authz.Actor, in *endWaiverInput) (*nothing, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return &nothing{}, w.gov.EndWaiver(ctx, who, in.ID, version)
}

type findingJSON struct {
	ID      string `json:"id"`
	Project string `json:"project"`
	Name    string `json:"project_name"`
	Control string `json:"control"`
	Words   string `json:"words"`
	Urgency string `json:"urgency" enum:"do-now,do-by,do-when"`
	Due     string `json:"due,omitempty"`
	Owner   string `json:"owner,omitempty"`
	On      string `json:"on"`
	By      string `json:"by,omitempty"`
	Open    bool   `json:"open"`
	Closed  string `json:"closed_words,omitempty"`
	Action  string `json:"action,omitempty" doc:"Id in the register of actions."`
	Version int64  `json:"version" doc:"Send it in If-Match, in quotation marks, to close it."`
}

type findingsInput struct {
	Project string `query:"project" maxLength:"36"`
	Control string `query:"control" maxLength:"60"`
	All     bool   `query:"all" doc:"Closed ones too."`
	After   string `query:"after" maxLength:"400"`
}

type findingsOutput struct {
	Body struct {
		Items []findingJSON `json:"items" nullable:"false"`
		Next  string        `json:"next,omitempty"`
	}
}

type raiseFindingInput struct {
	Project string `path:"project" maxLength:"36"`
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Words   string `json:"words"`
		Urgency string `json:"urgency" enum:"do-now,do-by,do-when"`
		Due     string `json:"due,omitempty" maxLength:"10" doc:"A day, for do-by."`
		Owner   string `json:"owner,omitempty" maxLength:"36" doc:"Id of a person."`
	}
}

type closeFindingInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Verdict string `json:"verdict" enum:"in_place,partly,missing,not_applicable" doc:"Of the re-test; partly and missing leave the finding open."`
		Reason  string `json:"reason"`
	}
}

func (w *Web) findingOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listFindings", Method: http.MethodGet, Path: "/findings", Tag: "findings", Action: governance.SeeGovernance, Summary: "List findings, newest first"}, w.apiFindings),
		web.Op(web.Spec{ID: "raiseFinding", Method: http.MethodPost, Path: "/projects/{project}/controls/{control}/findings", Tag: "findings", Action: governance.RaiseFinding, Summary: "Record a finding", Status: http.StatusCreated}, w.apiRaise),
		web.Op(web.Spec{ID: "closeFinding", Method: http.MethodPost, Path: "/findings/{id}/close", Tag: "findings", Action: governance.CloseFinding, Summary: "Close a finding with a re-test", Status: http.StatusNoContent}, w.apiCloseFinding),
	}
}

func (w *Web) apiFindings(ctx context.Context, who authz.Actor, in *findingsInput) (*findingsOutput, error) {
	f := governance.FindingFilter{Project: in.Project, Control: in.Control, Open: !in.All}
	var err error
	if f.Before, f.BeforeID, err = place(in.After); err != nil {
		return nil, err
	}
	list, err := w.gov.Findings(ctx, who, f, perPage+1)
	if err != nil {
		return nil, err
	}
	out := &findingsOutput{}
	out.Body.Items = []findingJSON{}
	if len(list) > perPage {
		list = list[:perPage]
		out.Body.Next = web.Cursor{List: "findings", Key: strconv.FormatInt(list[perPage-1].At, 10), ID: list[perPage-1].ID}.String()
	}
	for _, x := range list {
		out.Body.Items = append(out.Body.Items, findingJSON{x.ID, x.Project, x.ProjectName, x.Control, x.Words, x.Urgency, x.Due, x.OwnerName, x.On, x.ByName, x.Open, x.ClosedWords, x.Action, x.Version})
	}
	return out, nil
}

func (w *Web) apiRaise(ctx context.Context, who authz.Actor, in *raiseFindingInput) (*governanceMadeOutput, error) {
	return made(w.gov.Raise(ctx, who, governance.Finding{Project: in.Project, Control: in.Control, Words: in.Body.Words, Urgency: in.Body.Urgency, Due: in.Body.Due, Owner: in.Body.Owner}))
}

func (w *Web) apiCloseFinding(ctx context.Context, who authz.Actor, in *closeFindingInput) (*nothing, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return &nothing{}, w.gov.Close(ctx, who, in.ID, in.Body.Verdict, in.Body.Reason, version)
}
