package webhookweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/webhook"
)

type listView struct {
	Hooks          []webhook.Hook
	Address, Verbs string
	Secret, Made   string
	Errors         []ui.FieldError
}

func (w *Web) showList(r *web.Req, status int, v listView) (err error) {
	if v.Hooks, err = w.hooks.Hooks(r.Context(), r.Who()); err != nil {
		return err
	}
	return r.RenderStatus(status, r.Page("Webhooks", "settings"), listPage(v))
}

func (w *Web) list(r *web.Req) error { return w.showList(r, http.StatusOK, listView{}) }

func (w *Web) register(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := listView{Address: f.Text("address"), Verbs: f.Text("verbs")}
	id, secret, err := w.hooks.Register(r.Context(), r.Who(), webhook.New{Address: v.Address, Verbs: strings.Fields(strings.ReplaceAll(v.Verbs, ",", " "))})
	if errs.Is(err, errs.Invalid) {
		v.Errors = errs.FieldsOf(err)
		return w.showList(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return w.showList(r, http.StatusOK, listView{Secret: secret, Made: id})
}

type hookView struct {
	webhook.Hook
	Deliveries []webhook.Delivery
	State      webhook.State
	Next       string
}

func (w *Web) hook(r *web.Req) error {
	v := hookView{State: webhook.State(r.Query("state"))}
	before, err := web.ParsePlace("before", r.Query("before"))
	if err != nil {
		return err
	}
	if v.Hook, v.Deliveries, v.Next, err = w.hooks.Hook(r.Context(), r.Who(), r.Path("id"), v.State, before); err != nil {
		return err
	}
	p := r.Page(hostOf(v.Address), "settings")
	p.Crumbs = []ui.Crumb{{Label: "Webhooks", Href: "/settings/webhooks"}}
	return r.Render(p, hookPage(v))
}

func (w *Web) pause(r *web.Req) error {
	return w.done(r, w.hooks.Pause(r.Context(), r.Who(), r.Path("id")), "Paused. What happens meanwhile is held.")
}

func (w *Web) resume(r *web.Req) error {
	return w.done(r, w.hooks.Resume(r.Context(), r.Who(), r.Path("id")), "Resumed. What was held goes out now, in order.")
}

func (w *Web) again(r *web.Req) error {
	return w.done(r, w.hooks.SendAgain(r.Context(), r.Who(), r.Path("id"), r.Path("delivery")), "On its way again.")
}

func (w *Web) done(r *web.Req, err error, said string) error {
	if err != nil {
		return err
	}
	return r.Go("/settings/webhooks/"+r.Path("id"), said)
}

func (w *Web) remove(r *web.Req) error {
	if err := w.hooks.Remove(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	return r.Go("/settings/webhooks", "Removed. Nothing more is sent there.")
}

// hostOf is the part of an address that names the other side; the rest may hold
// a secret of theirs.
func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}

func asked(h webhook.Hook) string {
	if len(h.Verbs) == 0 {
		return "everything that you may see"
	}
	return strings.Join(h.Verbs, ", ")
}

func stateChip(s webhook.State) string {
	switch s {
	case webhook.Delivered:
		return "chip g"
	case webhook.Failed:
		return "chip r"
	case webhook.Held, webhook.Withheld:
		return "chip a"
	case webhook.Waiting:
	}
	return "chip"
}

func when(ctx context.Context, micros int64) string { return ui.Moment(ctx, time.UnixMicro(micros)) }
