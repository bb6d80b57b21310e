// Package mailweb is the page and the API of mail.
package mailweb

import (
	"context"
	"net/http"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/mail"
)

// Web serves the page of mail.
type Web struct {
	mail *mail.Service
	org  func() string
}

// Module is what the server needs of this feature.
func Module(s *mail.Service, org func() string) web.Module {
	w := &Web{s, org}
	return web.Module{
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/settings/mail", Action: mail.Manage, Handle: w.list},
			{Method: http.MethodPost, Pattern: "/settings/mail/test", Action: mail.Manage, Handle: w.test},
			{Method: http.MethodPost, Pattern: "/account/reminders", Action: mail.OwnReminders, Handle: w.choose},
		},
		Settings: []web.SettingsItem{{Label: "Mail", Text: "Invitations and reminders by mail: what was sent, what failed, a test.", Href: "/settings/mail", Action: mail.Manage}},
		Panels:   []web.Panel{{Slot: "account", Order: 10, Show: w.accountPanel}},
		API: []web.Operation{
			web.Op(web.Spec{ID: "getReminders", Method: http.MethodGet, Path: "/account/reminders", Tag: "account", Action: mail.OwnReminders, Scope: "account:read", Summary: "Read whether reminders come to you by mail"}, w.apiReminders),
			web.Op(web.Spec{ID: "chooseReminders", Method: http.MethodPut, Path: "/account/reminders", Tag: "account", Action: mail.OwnReminders, Scope: "account:write", Summary: "Choose whether reminders come to you by mail"}, w.apiChoose),
			web.Op(web.Spec{ID: "listMail", Method: http.MethodGet, Path: "/mail", Tag: "mail", Action: mail.Manage, Scope: "accounts:write", Summary: "List the newest mail, without what it said"}, w.apiList),
			web.Op(web.Spec{ID: "sendTestMail", Method: http.MethodPost, Path: "/mail/tests", Tag: "mail", Action: mail.Manage, Scope: "accounts:write", Status: http.StatusAccepted, Summary: "Send a mail to see whether the server takes it", Details: "List the mail to read whether it did."}, w.apiTest),
		},
	}
}

type listView struct {
	mail.Sheet
	To     string
	Errors []ui.FieldError
}

func (w *Web) list(r *web.Req) error { return w.show(r, http.StatusOK, listView{}) }

func (w *Web) show(r *web.Req, status int, v listView) (err error) {
	if v.Sheet, err = w.mail.Mail(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Mail", "settings")
	p.Crumbs = []ui.Crumb{{Label: "Settings", Href: "/settings"}}
	return r.RenderStatus(status, p, listPage(v))
}

func (w *Web) test(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	err = w.mail.Test(r.Context(), r.Who(), f.Text("to"), w.org())
	if errs.Is(err, errs.Invalid) {
		v := listView{To: f.Text("to"), Errors: errs.FieldsOf(err)}
		if len(v.Errors) == 0 {
			v.Errors = []ui.FieldError{{Name: "to", Message: web.MessageOf(err)}}
		}
		return w.show(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go("/settings/mail", "On its way. Its line below says when the server has taken it.")
}

type mailJSON struct {
	ID      string `json:"id"`
	To      string `json:"to"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
	State   string `json:"state" enum:"queued,sent,failed"`
	Tries   int    `json:"tries"`
	Error   string `json:"error,omitempty"`
	Queued  int64  `json:"queued_at" doc:"Microseconds since 1970, UTC."`
	Sent    int64  `json:"sent_at,omitempty"`
}

type testInput struct {
	Body struct {
		To string `json:"to" maxLength:"320" doc:"Whom to send it to."`
	}
}

func (w *Web) apiTest(ctx context.Context, who authz.Actor, in *testInput) (*mailOutput, error) {
	if err := w.mail.Test(ctx, who, in.Body.To, w.org()); err != nil {
		return nil, err
	}
	return w.apiList(ctx, who, nil)
}

type mailOutput struct {
	Body struct {
		Server string     `json:"server,omitempty"`
		Items  []mailJSON `json:"items" nullable:"false"`
	}
}

func (w *Web) apiList(ctx context.Context, who authz.Actor, _ *struct{}) (*mailOutput, error) {
	sh, err := w.mail.Mail(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &mailOutput{}
	out.Body.Server, out.Body.Items = sh.Server, make([]mailJSON, 0, len(sh.Rows))
	for _, x := range sh.Rows {
		out.Body.Items = append(out.Body.Items, mailJSON{x.ID, x.Address, x.Kind, x.Subject, string(x.State), x.Tries, x.Error, x.QueuedAt, x.SentAt})
	}
	return out, nil
}
