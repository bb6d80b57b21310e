package webhookweb

import (
	"context"
	"net/http"
	"time"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
	"cairn/internal/webhook"
)

type hookJSON struct {
	ID        string    `json:"id"`
	Address   string    `json:"address"`
	Verbs     []string  `json:"verbs" nullable:"false" doc:"None: everything that its owner may see."`
	Made      time.Time `json:"made"`
	Paused    bool      `json:"paused"`
	Why       string    `json:"paused_why,omitempty"`
	Waiting   int       `json:"waiting"`
	Failed    int       `json:"failed"`
	Delivered int       `json:"delivered"`
}

type deliveryJSON struct {
	ID     string     `json:"id"`
	Seq    int64      `json:"seq" doc:"Of the entry in the activity record."`
	Verb   string     `json:"verb"`
	State  string     `json:"state" enum:"waiting,held,delivered,failed,withheld"`
	Tries  int        `json:"tries"`
	Status int        `json:"status,omitempty" doc:"Of the last answer."`
	Error  string     `json:"error,omitempty"`
	Made   time.Time  `json:"made"`
	Tried  *time.Time `json:"tried,omitempty"`
}

type nothing struct{}

type hooksOutput struct {
	Body struct {
		Items []hookJSON `json:"items" nullable:"false"`
	}
}

type registerInput struct {
	Body struct {
		Address string   `json:"address" maxLength:"500" doc:"https."`
		Verbs   []string `json:"verbs,omitempty" maxItems:"50" doc:"Such as report.submitted; none is all."`
	}
}

type registeredOutput struct {
	Body struct {
		ID     string `json:"id"`
		Secret string `json:"secret" doc:"Shown once. Messages are signed with it, as Standard Webhooks says."`
	}
}

type idInput struct {
	ID string `path:"id" maxLength:"36"`
}

type deliveriesInput struct {
	ID    string `path:"id" maxLength:"36"`
	State string `query:"state" enum:"waiting,held,delivered,failed,withheld"`
	After string `query:"after" maxLength:"36" format:"uuid" doc:"The next of the page before."`
}

type deliveriesOutput struct {
	Body struct {
		Webhook hookJSON       `json:"webhook"`
		Items   []deliveryJSON `json:"items" nullable:"false"`
		Next    string         `json:"next,omitempty"`
	}
}

type againInput struct {
	ID       string `path:"id" maxLength:"36"`
	Delivery string `path:"delivery" maxLength:"36"`
}

func (w *Web) operations() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listWebhooks", Method: http.MethodGet, Path: "/webhooks", Tag: "webhooks", Action: webhook.RegisterHook, Summary: "List one's own webhooks"}, w.apiList),
		web.Op(web.Spec{ID: "registerWebhook", Method: http.MethodPost, Path: "/webhooks", Tag: "webhooks", Action: webhook.RegisterHook, Summary: "Register an address that is told of what happens", Status: http.StatusCreated}, w.apiRegister),
		web.Op(web.Spec{ID: "listDeliveries", Method: http.MethodGet, Path: "/webhooks/{id}", Tag: "webhooks", Action: webhook.OwnHook, Summary: "Read a webhook with its deliveries, newest first"}, w.apiHook),
		web.Op(web.Spec{ID: "pauseWebhook", Method: http.MethodPost, Path: "/webhooks/{id}/pause", Tag: "webhooks", Action: webhook.OwnHook, Summary: "Hold what would be delivered"}, w.apiPause),
		web.Op(web.Spec{ID: "resumeWebhook", Method: http.MethodPost, Path: "/webhooks/{id}/resume", Tag: "webhooks", Action: webhook.OwnHook, Summary: "Deliver what was held, and go on"}, w.apiResume),
		web.Op(web.Spec{ID: "sendAgain", Method: http.MethodPost, Path: "/webhooks/{id}/deliveries/{delivery}/again", Tag: "webhooks", Action: webhook.OwnHook, Summary: "Deliver an entry once more"}, w.apiAgain),
		web.Op(web.Spec{ID: "removeWebhook", Method: http.MethodDelete, Path: "/webhooks/{id}", Tag: "webhooks", Action: webhook.OwnHook, Summary: "Remove a webhook", Status: http.StatusNoContent}, w.apiRemove),
	}
}

func hookToJSON(h webhook.Hook) hookJSON {
	return hookJSON{h.ID, h.Address, append([]string{}, h.Verbs...), time.UnixMicro(h.Made).UTC(), h.Paused > 0, h.Why, h.Waiting, h.Failed, h.Delivered}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, _ *nothing) (*hooksOutput, error) {
	list, err := w.hooks.Hooks(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &hooksOutput{}
	out.Body.Items = make([]hookJSON, 0, len(list))
	for _, h := range list {
		out.Body.Items = append(out.Body.Items, hookToJSON(h))
	}
	return out, nil
}

func (w *Web) apiRegister(ctx context.Context, who authz.Actor, in *registerInput) (*registeredOutput, error) {
	id, secret, err := w.hooks.Register(ctx, who, webhook.New{Address: in.Body.Address, Verbs: in.Body.Verbs})
	if err != nil {
		return nil, err
	}
	out := &registeredOutput{}
	out.Body.ID, out.Body.Secret = id, secret
	return out, nil
}

func (w *Web) apiHook(ctx context.Context, who authz.Actor, in *deliveriesInput) (*deliveriesOutput, error) {
	h, list, next, err := w.hooks.Hook(ctx, who, in.ID, webhook.State(in.State), in.After)
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{}
	out.Body.Webhook, out.Body.Next, out.Body.Items = hookToJSON(h), next, make([]deliveryJSON, 0, len(list))
	for _, d := range list {
		one := deliveryJSON{d.ID, d.Seq, d.Verb, string(d.State), d.Tries, d.Status, d.Error, time.UnixMicro(d.Made).UTC(), nil}
		if d.Tried > 0 {
			at := time.UnixMicro(d.Tried).UTC()
			one.Tried = &at
		}
		out.Body.Items = append(out.Body.Items, one)
	}
	return out, nil
}

func (w *Web) after(ctx context.Context, who authz.Actor, id string, err error) (*deliveriesOutput, error) {
	if err != nil {
		return nil, err
	}
	return w.apiHook(ctx, who, &deliveriesInput{ID: id})
}

func (w *Web) apiPause(ctx context.Context, who authz.Actor, in *idInput) (*deliveriesOutput, error) {
	return w.after(ctx, who, in.ID, w.hooks.Pause(ctx, who, in.ID))
}

func (w *Web) apiResume(ctx context.Context, who authz.Actor, in *idInput) (*deliveriesOutput, error) {
	return w.after(ctx, who, in.ID, w.hooks.Resume(ctx, who, in.ID))
}

func (w *Web) apiAgain(ctx context.Context, who authz.Actor, in *againInput) (*deliveriesOutput, error) {
	return w.after(ctx, who, in.ID, w.hooks.SendAgain(ctx, who, in.ID, in.Delivery))
}

func (w *Web) apiRemove(ctx context.Context, who authz.Actor, in *idInput) (*struct{}, error) {
	return nil, w.hooks.Remove(ctx, who, in.ID)
}
