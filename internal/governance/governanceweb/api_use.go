package governanceweb

import (
	"context"
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type controlBalanceJSON struct {
	Part     string  `json:"part" doc:"all, a tier, months, before or since."`
	Answers  int     `json:"answers"`
	People   int     `json:"people"`
	Helped   int     `json:"helped"`
	Neutral  int     `json:"neutral"`
	InTheWay int     `json:"in_the_way"`
	Minutes  float64 `json:"minutes" doc:"The middle answer."`
}

type controlUseJSON struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Projects int                  `json:"projects" doc:"That are asked for it today and that you see."`
	Gaps     int                  `json:"gaps"`
	Waived   int                  `json:"waived"`
	Findings int                  `json:"findings" doc:"Of twelve months."`
	Proposes string               `json:"proposes,omitempty" enum:"change,retire" doc:"What the answers lead to."`
	Because  string               `json:"because,omitempty"`
	ReviewOn string               `json:"review_on,omitempty" doc:"The day by which somebody looks whether it is still needed."`
	Balances []controlBalanceJSON `json:"balances" nullable:"false" doc:"Empty, or without a part, where fewer than five people would be shown."`
}

type controlProposalJSON struct {
	ID      string              `json:"id"`
	Kind    string              `json:"kind" enum:"change,retire"`
	Words   string              `json:"words"`
	Behind  []governance.Reason `json:"behind" nullable:"false"`
	State   string              `json:"state" enum:"proposed,taken_up,declined,withdrawn"`
	By      string              `json:"by,omitempty"`
	On      string              `json:"on"`
	Decided string              `json:"decided_words,omitempty"`
	Version string              `json:"method_version,omitempty" doc:"That took it up."`
	Stale   int64               `json:"version" doc:"Send it in If-Match, in quotation marks, to decline."`
}

type controlUsesInput struct {
	Method string `query:"method" maxLength:"60" required:"true" example:"cairn-full"`
}

type controlUsesOutput struct {
	Body struct {
		Items []controlUseJSON `json:"items" nullable:"false"`
	}
}

type controlUseInput struct {
	Control string `path:"control" maxLength:"60"`
	Method  string `query:"method" maxLength:"60" doc:"The first that has the control if absent."`
}

type controlUseOutput struct {
	Body struct {
		Use       controlUseJSON        `json:"use"`
		Method    string                `json:"method"`
		Gone      int                   `json:"gone_since,omitempty" doc:"Number of the version that does not have it any more."`
		Comments  []string              `json:"comments" nullable:"false"`
		Proposals []controlProposalJSON `json:"proposals" nullable:"false"`
	}
}

type proposeControlInput struct {
	Control string `path:"control" maxLength:"60"`
	Body    struct {
		Method string              `json:"method" maxLength:"60"`
		Kind   string              `json:"kind" enum:"change,retire"`
		Words  string              `json:"words"`
		Behind []governance.Reason `json:"behind,omitempty" maxItems:"20"`
	}
}

type controlProposalInput struct {
	ID string `path:"id" maxLength:"36"`
}

type takenUpOutput struct {
	Body struct {
		Method string `json:"method" doc:"Whose draft it is in."`
	}
}

type declineProposalInput struct {
	web.IfMatch
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Why string `json:"why"`
	}
}

func (w *Web) useOperations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listControlUse", Method: http.MethodGet, Path: "/controls", Tag: "controls", Action: governance.SeeUse, Summary: "List what the controls of a method give and cost"}, w.apiUse),
		web.Op(web.Spec{ID: "getControlUse", Method: http.MethodGet, Path: "/controls/{control}", Tag: "controls", Action: governance.SeeUse, Summary: "Read what one control gives and costs"}, w.apiUseOf),
		web.Op(web.Spec{ID: "proposeControlChange", Method: http.MethodPost, Path: "/controls/{control}/proposals", Tag: "controls", Action: governance.ProposeChange, Summary: "Propose that a control is changed or retired", Status: http.StatusCreated}, w.apiPropose),
		web.Op(web.Spec{ID: "takeUpProposal", Method: http.MethodPost, Path: "/proposals/{id}/take-up", Tag: "controls", Action: governance.WriteMethods, Summary: "Take a proposal up into the draft of its method"}, w.apiTakeUp),
		web.Op(web.Spec{ID: "declineProposal", Method: http.MethodPost, Path: "/proposals/{id}/decline", Tag: "controls", Action: governance.PublishMethods, Summary: "Decline a proposal, with the reason", Status: http.StatusNoContent}, w.apiDecline),
	}
}

func balanceOf(part string, b governance.Balance) controlBalanceJSON {
	return controlBalanceJSON{part, b.Answers, b.People, b.Helped, b.Neutral, b.InTheWay, b.MinutesMedian}
}

func usedJSON(u governance.Used) controlUseJSON {
	out := controlUseJSON{u.Control.ID, u.Control.Name, u.Projects, u.Gaps, u.Waived, u.Findings, u.Proposes, u.Because, u.ReviewOn, []controlBalanceJSON{}}
	if !u.All.Enough {
		return out
	}
	out.Balances = append(out.Balances, balanceOf("all", u.All))
	for _, b := range byTier(u) {
		out.Balances = append(out.Balances, balanceOf(b.Tier.String(), b.Balance))
	}
	for _, b := range u.Quarters {
		out.Balances = append(out.Balances, balanceOf(b.From+" to "+b.To, b))
	}
	if u.Before != nil && u.After != nil {
		out.Balances = append(out.Balances, balanceOf("before", *u.Before), balanceOf("since", *u.After))
	}
	return out
}

func (w *Web) apiUse(ctx context.Context, who authz.Actor, in *controlUsesInput) (*controlUsesOutput, error) {
	list, _, err := w.gov.Use(ctx, who, in.Method)
	if err != nil {
		return nil, err
	}
	out := &controlUsesOutput{}
	out.Body.Items = make([]controlUseJSON, 0, len(list))
	for _, u := range list {
		u.ByTier, u.Quarters = nil, nil // of one control alone
		out.Body.Items = append(out.Body.Items, usedJSON(u))
	}
	return out, nil
}

func (w *Web) apiUseOf(ctx context.Context, who authz.Actor, in *controlUseInput) (*controlUseOutput, error) {
	u, m, err := w.gov.UseOf(ctx, who, in.Method, in.Control)
	if err != nil {
		return nil, err
	}
	out := &controlUseOutput{}
	b := &out.Body
	b.Use, b.Method, b.Gone, b.Comments, b.Proposals = usedJSON(u), m.ID, u.Gone, []string{}, []controlProposalJSON{}
	for _, c := range u.Comments {
		b.Comments = append(b.Comments, c.Words)
	}
	for _, p := range u.Proposals {
		b.Proposals = append(b.Proposals, controlProposalJSON{p.ID, p.Kind, p.Words, full(p.Behind), p.State, p.ByName, p.On, p.DecidedWords, p.Version, p.Stale})
	}
	return out, nil
}

func (w *Web) apiPropose(ctx context.Context, who authz.Actor, in *proposeControlInput) (*governanceMadeOutput, error) {
	return made(w.gov.Propose(ctx, who, governance.Proposal{Method: in.Body.Method, Control: in.Control, Kind: in.Body.Kind, Words: in.Body.Words, Behind: in.Body.Behind}))
}

func (w *Web) apiTakeUp(ctx context.Context, who authz.Actor, in *controlProposalInput) (*takenUpOutput, error) {
	of, err := w.gov.TakeUp(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	out := &takenUpOutput{}
	out.Body.Method = of
	return out, nil
}

func (w *Web) apiDecline(ctx context.Context, who authz.Actor, in *declineProposalInput) (*nothing, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return &nothing{}, w.gov.Decline(ctx, who, in.ID, in.Body.Why, version)
}
