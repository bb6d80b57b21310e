package app

import (
	"context"
	"net/http"
	"testing"

	"cairn/internal/kit/authz"
)

// inTheBrowserAlone are rights of forms that no operation of the API needs, and why.
var inTheBrowserAlone = map[authz.Action]string{
	"identity.use_link":           "signing in makes a session, and a token is not one",
	"career.attest_by_link":       "who follows the link has no account, and so no token",
	"raid.raise_outside_projects": "POST /actions of the API raises both kinds; the service asks for the right of each",
}

// Whatever a form can do, an operation of the API can: there is one of the same right.
func TestTheAPICanDoWhatFormsCan(t *testing.T) {
	a := &App{Config: Config{Demo: true}}
	twins, forms := map[authz.Action]bool{}, map[authz.Action]string{}
	for _, m := range a.Modules() {
		for _, o := range m.API {
			if o.Method != http.MethodGet {
				twins[o.Action] = true
			}
		}
		for _, r := range m.Routes {
			if r.Method != http.MethodGet {
				forms[r.Action] = r.Pattern
			}
		}
	}
	for action, form := range forms {
		if why := inTheBrowserAlone[action]; twins[action] == (why != "") {
			t.Errorf("%s needs %s: an operation of the API %t, in the browser alone %q", form, action, twins[action], why)
		}
	}
}

func TestOnesSessionsAndErasureByTheAPI(t *testing.T) {
	eachOffice(t, func(t *testing.T, _ context.Context, o *office) {
		base, _ := o.api(t)
		cookie := o.session(t, o.manager)
		own, other := caller{t, base, o.token(t, o.manager)}, caller{t, base, o.token(t, o.head)}
		is := func(c caller, method, path, body string, want int, into any) {
			t.Helper()
			if got, _ := c.ask(method, path, "", body, into); got != want {
				t.Errorf("%s %s: %d, want %d", method, path, got, want)
			}
		}
		var sessions struct {
			Items []struct{ ID, Device string }
		}
		is(own, http.MethodGet, "/account/sessions", "", 200, &sessions)
		if len(sessions.Items) != 1 || sessions.Items[0].ID == cookie {
			t.Fatalf("the sessions are %+v", sessions.Items)
		}
		is(other, http.MethodDelete, "/account/sessions/"+sessions.Items[0].ID, "", 404, nil)
		is(own, http.MethodDelete, "/account/sessions/zz", "", 404, nil)
		is(own, http.MethodDelete, "/account/sessions/"+sessions.Items[0].ID, "", 204, nil)
		if page := o.get(o.Handler(), cookie, "/account"); page.Code == http.StatusOK {
			t.Error("the session goes on")
		}
		is(own, http.MethodDelete, "/account/sessions", "", 204, nil)

		var erasure struct {
			Words string
			Asked string `json:"asked_at"`
			Held  []struct{ Data, Fate string }
		}
		is(own, http.MethodPost, "/account/erasure", `{"words":"shout"}`, 422, nil)
		is(own, http.MethodPost, "/account/erasure", `{"words":"leave"}`, 200, &erasure)
		if erasure.Words != "leave" || erasure.Asked == "" || len(erasure.Held) == 0 || erasure.Held[0].Fate == "" {
			t.Errorf("what was asked for is %+v", erasure)
		}
		is(own, http.MethodDelete, "/account/erasure", "", 204, nil)
		erasure.Asked = ""
		is(own, http.MethodGet, "/people/"+o.manager.Person+"/erasure?words=remove", "", 200, &erasure)
		if erasure.Asked != "" || erasure.Words != "remove" {
			t.Errorf("after it was taken back: %+v", erasure)
		}
		is(own, http.MethodGet, "/people/"+o.head.Person+"/erasure", "", 404, nil)
		is(own, http.MethodPost, "/mail/tests", `{"to":"somebody@example.org"}`, 403, nil)
	})
}
