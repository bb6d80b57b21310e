package governanceweb

import (
	"net/http"

	"cairn/internal/governance"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

func (w *Web) askWaiver(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.AskForWaiver(r.Context(), r.Who(), r.Path("id"), r.Path("control"), f.Text("reason"), f.Text("compensating"), f.Text("until"))
	return w.after(r, f, err, "Asked. The gap stays open until it is granted.")
}

func (w *Web) opine(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := w.gov.Opine(r.Context(), r.Who(), r.Path("waiver"), f.Yes("agree"), f.Text("words-"+r.Path("waiver"))); err != nil {
		return w.waiverAgain(r, f, err)
	}
	return r.Go(back(f, "/waivers"), "Your opinion is with the request.")
}

func (w *Web) decideWaiver(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	grant := f.Yes("grant")
	if err := w.gov.Decide(r.Context(), r.Who(), r.Path("waiver"), grant, f.Text("words-"+r.Path("waiver")), version); err != nil {
		return w.waiverAgain(r, f, err)
	}
	return r.Go(back(f, "/waivers"), map[bool]string{true: "Granted until its day.", false: "Refused. The gap stays open."}[grant])
}

func (w *Web) endWaiver(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	if err := w.gov.EndWaiver(r.Context(), r.Who(), r.Path("waiver"), version); err != nil {
		return err
	}
	return r.Go(back(f, "/waivers"), "The waiver has ended; the control is asked again.")
}

func (w *Web) closeFinding(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	err = w.gov.Close(r.Context(), r.Who(), r.Path("finding"), f.Text("verdict"), f.Text("saw-"+r.Path("finding")), version)
	err = renamed(err, "reason", "saw-"+r.Path("finding"))
	if list := errs.FieldsOf(err); len(list) > 0 {
		v := findingsView{Errors: list, Typed: f, At: r.Path("finding")}
		return w.showFindings(r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return r.Go(back(f, "/findings"), "Re-tested.")
}

// back is where a form said that its reader came from, if that is a page of ours.
func back(f web.Form, otherwise string) string {
	if to := f.Text("back"); len(to) > 1 && to[0] == '/' && to[1] != '/' && to[1] != '\\' {
		return to
	}
	return otherwise
}

type waiversView struct {
	List   []governance.Waiver
	State  string
	Next   string
	Today  string
	Names  map[string]string
	Errors []ui.FieldError
	Typed  web.Form
	At     string // the waiver at which something was wrong
}

func (w *Web) waivers(r *web.Req) error { return w.showWaivers(r, http.StatusOK, waiversView{}) }

func (w *Web) waiverAgain(r *web.Req, f web.Form, err error) error {
	list := errs.FieldsOf(renamed(err, "words", "words-"+r.Path("waiver")))
	if len(list) == 0 {
		return err
	}
	return w.showWaivers(r, http.StatusUnprocessableEntity, waiversView{Errors: list, Typed: f, At: r.Path("waiver"), State: "asked"})
}

const perPage = 50

func (w *Web) showWaivers(r *web.Req, status int, v waiversView) error {
	if v.State == "" {
		if v.State = r.Query("state"); v.State == "" {
			v.State = governance.WaiverAsked
		}
	}
	f := governance.WaiverFilter{State: v.State}
	if v.State == "all" {
		f.State = ""
	}
	cur, err := web.ParseCursor("waivers", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		f.After, f.AfterID = cur.Key, cur.ID
	}
	if v.List, err = w.gov.Waivers(r.Context(), r.Who(), f, perPage+1); err != nil {
		return err
	}
	if len(v.List) > perPage {
		v.List = v.List[:perPage]
		last := v.List[perPage-1]
		v.Next = "/waivers?state=" + v.State + "&after=" + web.Cursor{List: "waivers", Key: last.To, ID: last.ID}.String()
	}
	v.Today = w.gov.Today()
	if v.Names, err = w.gov.ControlNames(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Waivers", "governance")
	p.Crumbs = []ui.Crumb{{Label: "Governance", Href: "/governance"}}
	return r.RenderStatus(status, p, waiversPage(v))
}

type findingsView struct {
	List   []governance.Finding
	Open   bool
	Next   string
	Today  string
	Names  map[string]string
	Errors []ui.FieldError
	Typed  web.Form
	At     string
	May    bool
}

func (w *Web) findings(r *web.Req) error { return w.showFindings(r, http.StatusOK, findingsView{}) }

func (w *Web) showFindings(r *web.Req, status int, v findingsView) error {
	show := r.Query("show")
	if show != "" && show != "open" && show != "all" {
		return errs.OnField("show", "Choose open or all.")
	}
	v.Open = show != "all"
	f := governance.FindingFilter{Open: v.Open, Project: r.Query("project"), Control: r.Query("control")}
	cur, err := web.ParseCursor("findings", r.Query("after"))
	if err != nil {
		return err
	}
	if cur != nil {
		if f.Before, err = number(cur.Key); err != nil {
			return err
		}
		f.BeforeID = cur.ID
	}
	if v.List, err = w.gov.Findings(r.Context(), r.Who(), f, perPage+1); err != nil {
		return err
	}
	if len(v.List) > perPage {
		v.List = v.List[:perPage]
		last := v.List[perPage-1]
		v.Next = "/findings?show=" + map[bool]string{true: "open", false: "all"}[v.Open] + "&after=" + web.Cursor{List: "findings", Key: text(last.At), ID: last.ID}.String()
	}
	v.Today, v.May = w.gov.Today(), w.gov.MayAssess(r.Who())
	if v.Names, err = w.gov.ControlNames(r.Context(), r.Who()); err != nil {
		return err
	}
	p := r.Page("Findings", "governance")
	p.Crumbs = []ui.Crumb{{Label: "Governance", Href: "/governance"}}
	return r.RenderStatus(status, p, findingsPage(v))
}
