package identityweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type sessionJSON struct {
	ID     string    `json:"id" doc:"Nobody can sign in with it."`
	Device string    `json:"device,omitempty" doc:"Browser and system, as far as they said."`
	Since  time.Time `json:"since"`
	Seen   time.Time `json:"last_seen" doc:"To five minutes."`
}

type sessionsOutput struct {
	Body struct {
		Items []sessionJSON `json:"items" nullable:"false"`
	}
}

type sessionInput struct {
	ID string `path:"id" maxLength:"64"`
}

type erasureInput struct {
	ID    string `path:"id" maxLength:"36"`
	Words string `query:"words" enum:"remove,leave" doc:"What would become of what they wrote for others; by default what the person asked for."`
}

type askErasureInput struct {
	Body struct {
		Words string `json:"words" enum:"remove,leave" doc:"What is to become of the cases and answers that you wrote."`
	}
}

type heldJSON struct {
	Data  string `json:"data"`
	Count int    `json:"count" doc:"0 for what is told to the person alone."`
	Fate  string `json:"fate" doc:"What becomes of it."`
	Why   string `json:"why,omitempty"`
}

type erasureOutput struct {
	Body struct {
		Person string     `json:"person" doc:"Id."`
		Words  string     `json:"words"`
		Asked  *time.Time `json:"asked_at,omitempty" doc:"When the person asked for it; absent if they did not."`
		Held   []heldJSON `json:"held" nullable:"false"`
	}
}

// privacyOperations are a person's own sessions, and erasure before it is done.
func (w *Web) privacyOperations() []web.Operation {
	own := func(id, method, path, summary string) web.Spec {
		s := web.Spec{ID: id, Method: method, Path: path, Tag: "account", Action: identity.OwnAccount, Scope: "account:write", Summary: summary}
		if method == http.MethodGet {
			s.Scope = "account:read"
		}
		if method == http.MethodDelete {
			s.Status = http.StatusNoContent
		}
		return s
	}
	return []web.Operation{
		web.Op(own("listSessions", http.MethodGet, "/account/sessions", "List where you are signed in"), w.apiSessions),
		web.Op(own("endSessions", http.MethodDelete, "/account/sessions", "End all of your sessions; tokens stay"), w.apiEndSessions),
		web.Op(own("endSession", http.MethodDelete, "/account/sessions/{id}", "End one of your sessions"), w.apiEndSession),
		web.Op(own("askForErasure", http.MethodPost, "/account/erasure", "Ask to be erased; an administrator does it"), w.apiAskErasure),
		web.Op(own("withdrawErasure", http.MethodDelete, "/account/erasure", "Take the wish to be erased back"), w.apiWithdrawErasure),
		web.Op(web.Spec{ID: "previewErasure", Method: http.MethodGet, Path: "/people/{id}/erasure", Tag: "people", Action: identity.SeeHeld, Scope: "account:read", Summary: "Read exactly what the erasure of a person would do"}, w.apiPreviewErasure),
	}
}

func (w *Web) apiSessions(ctx context.Context, who authz.Actor, _ *struct{}) (*sessionsOutput, error) {
	list, err := w.people.Devices(ctx, who, "")
	if err != nil {
		return nil, err
	}
	out := &sessionsOutput{}
	out.Body.Items = make([]sessionJSON, 0, len(list))
	for _, d := range list {
		out.Body.Items = append(out.Body.Items, sessionJSON{d.ID, d.Words, d.Since, d.Seen})
	}
	return out, nil
}

func (w *Web) apiEndSessions(ctx context.Context, who authz.Actor, _ *struct{}) (*struct{}, error) {
	return nil, w.people.EndDevice(ctx, who, "", "")
}

func (w *Web) apiEndSession(ctx context.Context, who authz.Actor, in *sessionInput) (*struct{}, error) {
	return nil, w.people.EndDevice(ctx, who, "", in.ID)
}

func (w *Web) apiPreviewErasure(ctx context.Context, who authz.Actor, in *erasureInput) (*erasureOutput, error) {
	p, err := w.people.PreviewErasure(ctx, who, in.ID, identity.Words(in.Words))
	if err != nil {
		return nil, err
	}
	out := &erasureOutput{}
	out.Body.Person, out.Body.Words, out.Body.Held = p.Person.ID, string(p.Words), make([]heldJSON, 0, len(p.Holdings))
	if !p.AskedAt.IsZero() {
		out.Body.Asked = &p.AskedAt
	}
	for _, h := range p.Holdings {
		out.Body.Held = append(out.Body.Held, heldJSON{h.Data, h.Count, string(h.Fate), h.Why})
	}
	return out, nil
}

func (w *Web) apiAskErasure(ctx context.Context, who authz.Actor, in *askErasureInput) (*erasureOutput, error) {
	if err := w.people.AskErasure(ctx, who, identity.Words(in.Body.Words)); err != nil {
		return nil, err
	}
	return w.apiPreviewErasure(ctx, who, &erasureInput{ID: who.Person})
}

func (w *Web) apiWithdrawErasure(ctx context.Context, who authz.Actor, _ *struct{}) (*struct{}, error) {
	return nil, w.people.WithdrawErasure(ctx, who)
}
