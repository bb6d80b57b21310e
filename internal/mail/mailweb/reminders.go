package mailweb

import (
	"context"

	"github.com/a-h/templ"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

// accountPanel is the choice on one's own account, where a mail server is configured.
func (w *Web) accountPanel(r *web.Req, _ string) (templ.Component, error) {
	if !w.mail.On() {
		return nil, nil //nolint:nilnil // there is nothing to choose
	}
	on, err := w.mail.Reminders(r.Context(), r.Who())
	if err != nil {
		return nil, err
	}
	return remindersPanel(on), nil
}

func (w *Web) choose(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	on := f.Text("reminders") == "on"
	if err := w.mail.ChooseReminders(r.Context(), r.Who(), on); err != nil {
		return err
	}
	if on {
		return r.Go("/account", "Reminders come by mail, at most one a day.")
	}
	return r.Go("/account", "No reminders come by mail. What waits for you stands on your desk.")
}

type remindersOutput struct {
	Body struct {
		On         bool `json:"on"`
		Configured bool `json:"configured" doc:"Without a mail server none come."`
	}
}

type remindersInput struct {
	Body struct {
		On bool `json:"on"`
	}
}

func (w *Web) apiReminders(ctx context.Context, who authz.Actor, _ *struct{}) (*remindersOutput, error) {
	on, err := w.mail.Reminders(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &remindersOutput{}
	out.Body.On, out.Body.Configured = on, w.mail.On()
	return out, nil
}

func (w *Web) apiChoose(ctx context.Context, who authz.Actor, in *remindersInput) (*remindersOutput, error) {
	if err := w.mail.ChooseReminders(ctx, who, in.Body.On); err != nil {
		return nil, err
	}
	return w.apiReminders(ctx, who, nil)
}
