package careerweb

import (
	"context"
	"slices"
	"time"

	"cairn/internal/career"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

type attestationsOutput struct {
	Body struct {
		Items []attestationJSON `json:"items" nullable:"false"`
	}
}

type attestationOutput struct{ Body attestationJSON }

type askAttestationInput struct {
	Body struct {
		About     string `json:"about" enum:"group,entry"`
		AboutID   string `json:"about_id" maxLength:"64"`
		Colleague string `json:"colleague,omitempty" maxLength:"200" doc:"Name or id of somebody with an account."`
		Outside   string `json:"outside,omitempty" maxLength:"200" doc:"Name of somebody outside, who gets a link."`
		Wording   string `json:"wording,omitempty" maxLength:"2000" doc:"Nothing is the wording as it leaves."`
	}
}

type takeAttestationInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Take bool `json:"take"`
	}
}

type attestAnswerInput struct {
	ID   string `path:"id" maxLength:"36"`
	Body struct {
		Says    string `json:"says" enum:"confirm,amend,decline"`
		Wording string `json:"wording,omitempty" maxLength:"2000"`
		Reason  string `json:"reason,omitempty" maxLength:"1000"`
	}
}

// attestationRequestJSON is what somebody sees who was asked: the wording, what an entry
// counts as, and who asks.
type attestationRequestJSON struct {
	ID       string `json:"id"`
	Person   string `json:"person"`
	Wording  string `json:"wording"`
	CountsAs string `json:"counts_as,omitempty" doc:"Of an own entry, where one request is read: the kind, role in the work, time and size that a confirmation makes count."`
	State    string `json:"state"`
	Asked    string `json:"asked_at"`
}

type attestationRequestsOutput struct {
	Body struct {
		Items []attestationRequestJSON `json:"items" nullable:"false"`
	}
}

type attestationRequestOutput struct{ Body attestationRequestJSON }

func (w *Web) asked(ctx context.Context, who authz.Actor) ([]attestationJSON, error) {
	list, err := w.career.Asked(ctx, who)
	if err != nil {
		return nil, err
	}
	return attestationsJSON(list), nil
}

func (w *Web) oneAsked(ctx context.Context, who authz.Actor, id string) (*attestationOutput, error) {
	list, err := w.asked(ctx, who)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(a attestationJSON) bool { return a.ID == id })
	if i < 0 {
		return nil, errs.Missing("request")
	}
	return &attestationOutput{list[i]}, nil
}

func (w *Web) apiAsked(ctx context.Context, who authz.Actor, _ *struct{}) (*attestationsOutput, error) {
	list, err := w.asked(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &attestationsOutput{}
	out.Body.Items = list
	return out, nil
}

func (w *Web) apiAsk(ctx context.Context, who authz.Actor, in *askAttestationInput) (*attestationOutput, error) {
	b := in.Body
	colleague, err := w.career.Colleague(ctx, who, b.Colleague)
	if err != nil {
		return nil, err
	}
	id, token, err := w.career.Ask(ctx, who, career.Asking{AboutKind: b.About, AboutID: b.AboutID, Colleague: colleague, Outside: b.Outside, Wording: b.Wording})
	if err != nil {
		return nil, err
	}
	out, err := w.oneAsked(ctx, who, id)
	if err == nil && token != "" {
		out.Body.Link = w.url + "/attest/" + token
	}
	return out, err
}

func (w *Web) apiWithdraw(ctx context.Context, who authz.Actor, in *pastInput) (*attestationOutput, error) {
	if err := w.career.Withdraw(ctx, who, in.ID); err != nil {
		return nil, err
	}
	return w.oneAsked(ctx, who, in.ID)
}

func (w *Web) apiTake(ctx context.Context, who authz.Actor, in *takeAttestationInput) (*attestationOutput, error) {
	if err := w.career.Take(ctx, who, in.ID, in.Body.Take); err != nil {
		return nil, err
	}
	return w.oneAsked(ctx, who, in.ID)
}

func toRequest(a career.Attestation) attestationRequestJSON {
	return attestationRequestJSON{a.ID, a.PersonName, a.Wording, a.CountsAs, string(a.State), time.UnixMicro(a.AskedAt).UTC().Format(time.RFC3339)}
}

func (w *Web) apiWaiting(ctx context.Context, who authz.Actor, _ *struct{}) (*attestationRequestsOutput, error) {
	list, err := w.career.Waiting(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &attestationRequestsOutput{}
	out.Body.Items = []attestationRequestJSON{}
	for _, a := range list {
		out.Body.Items = append(out.Body.Items, toRequest(a))
	}
	return out, nil
}

func (w *Web) apiAnswer(ctx context.Context, who authz.Actor, in *attestAnswerInput) (*attestationRequestOutput, error) {
	if err := w.career.Answer(ctx, who, in.ID, career.Answer{Says: in.Body.Says, Wording: in.Body.Wording, Reason: in.Body.Reason}); err != nil {
		return nil, err
	}
	a, err := w.career.Request(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &attestationRequestOutput{toRequest(a)}, nil
}
