package governanceweb

import (
	"cmp"
	"net/http"
	"slices"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// useRoutes are the pages of what controls give and cost.
func (w *Web) useRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/controls", Action: governance.SeeUse, Handle: w.use},
		{Method: http.MethodGet, Pattern: "/controls/{control}", Action: governance.SeeUse, Handle: w.useOf},
		{Method: http.MethodPost, Pattern: "/controls/{control}/proposals", Action: governance.ProposeChange, Handle: w.propose},
		{Method: http.MethodPost, Pattern: "/proposals/{proposal}/take-up", Action: governance.WriteMethods, Handle: w.takeUp},
		{Method: http.MethodPost, Pattern: "/proposals/{proposal}/decline", Action: governance.PublishMethods, Handle: w.decline},
	}
}

type useView struct {
	Method   *method.Method
	Methods  []ui.Option
	List     []governance.Used // heaviest first
	Judged   int               // how many have enough answers
	Proposed []governance.Used
	Unneeded []governance.Used
	Due      []governance.Used // to be looked at again
	Today    clock.Day
}

// hours is what a control costs all projects in a month, by the middle answer.
func hours(u governance.Used) float64 {
	return u.All.MinutesMedian * float64(u.Projects) / 60
}

func openProposal(u governance.Used) bool {
	return slices.ContainsFunc(u.Proposals, func(p governance.Proposal) bool { return p.State == governance.Proposed })
}

func (w *Web) use(r *web.Req) error {
	v := useView{}
	list, _, err := w.gov.Methods(r.Context(), r.Who())
	if err != nil {
		return err
	}
	for _, ver := range list {
		if n := len(v.Methods); n == 0 || v.Methods[n-1].Value != ver.Method {
			v.Methods = append(v.Methods, ui.Option{Value: ver.Method, Label: ver.Name})
		}
	}
	p := methodPage(r, "Use of controls")
	if len(v.Methods) == 0 {
		return r.Render(p, noUsePage())
	}
	if v.List, v.Method, err = w.gov.Use(r.Context(), r.Who(), or(r.Query("method"), v.Methods[0].Value)); err != nil {
		return err
	}
	slices.SortStableFunc(v.List, func(a, b governance.Used) int {
		return cmp.Or(cmp.Compare(hours(b), hours(a)), cmp.Compare(b.Projects, a.Projects))
	})
	v.Today = w.gov.Today()
	for _, u := range v.List {
		if u.ReviewDue(v.Today) {
			v.Due = append(v.Due, u)
		}
		if u.All.Enough {
			v.Judged++
			if u.Findings == 0 && u.Gaps == 0 && u.All.InTheWay > u.All.Helped {
				v.Unneeded = append(v.Unneeded, u)
			}
		}
		if u.Proposes != "" || openProposal(u) {
			v.Proposed = append(v.Proposed, u)
		}
	}
	return r.Render(p, usePage(v))
}

type usedView struct {
	governance.Used
	Method                         *method.Method
	Today                          clock.Day
	Waivers                        []governance.Waiver
	Found                          []governance.Finding
	Adoption                       []governance.Adopted // of the version that took up the newest proposal
	MayPropose, MayTake, MayDecide bool
	Typed                          web.Form
	At                             string // the proposal whose form came back
	Errors                         []ui.FieldError
}

func (w *Web) useOf(r *web.Req) error {
	return w.showUse(r, http.StatusOK, r.Path("control"), r.Query("method"), usedView{})
}

func (w *Web) showUse(r *web.Req, status int, control, of string, v usedView) error {
	var err error
	if v.Used, v.Method, err = w.gov.UseOf(r.Context(), r.Who(), of, control); err != nil {
		return err
	}
	v.Today = w.gov.Today()
	v.MayPropose, v.MayTake, v.MayDecide = r.Who().SignedIn(), mayWrite(r), mayPublish(r)
	if v.Waivers, err = w.gov.Waivers(r.Context(), r.Who(), governance.WaiverFilter{Control: control, State: governance.WaiverGranted}, 20); err != nil {
		return err
	}
	if v.Found, err = w.gov.Findings(r.Context(), r.Who(), governance.FindingFilter{Control: control}, 20); err != nil {
		return err
	}
	for _, p := range v.Proposals {
		if p.State == governance.TakenUp && p.Number == v.Split {
			if v.Adoption, err = w.gov.Adoption(r.Context(), r.Who(), p.Version); err != nil {
				return err
			}
			break
		}
	}
	return r.RenderStatus(status, methodPage(r, v.Control.Name, ui.Crumb{Label: "Use of controls", Href: "/controls?method=" + v.Method.ID}), usedPage(v))
}

func (w *Web) propose(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	control, of := r.Path("control"), f.Text("method")
	p := governance.Proposal{Method: of, Control: control, Kind: f.Text("kind"), Words: f.Text("words")}
	chosen := f.Values["finding"]
	if len(chosen) > 0 {
		found, err := w.gov.Findings(r.Context(), r.Who(), governance.FindingFilter{Control: control}, 20)
		if err != nil {
			return err
		}
		for _, x := range found {
			if slices.Contains(chosen, x.ID) {
				p.Behind = append(p.Behind, governance.Reason{Kind: "finding", ID: x.ID, Words: firstWords(x.Words)})
			}
		}
	}
	_, err = w.gov.Propose(r.Context(), r.Who(), p)
	if errs.Is(err, errs.Invalid) {
		return w.showUse(r, http.StatusUnprocessableEntity, control, of, usedView{Typed: f, Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go("/controls/"+control+"?method="+of, "Proposed. The PMO takes it up into the next version, or says why not.")
}

func (w *Web) takeUp(r *web.Req) error {
	of, err := w.gov.TakeUp(r.Context(), r.Who(), r.Path("proposal"))
	if err != nil {
		return err
	}
	return r.Go("/methods/drafts/"+of, "It is in the draft, with its reasons.")
}

func (w *Web) decline(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	var c errs.Check
	version := f.Int("version", &c)
	if err := c.Err(); err != nil {
		return err
	}
	err = w.gov.Decline(r.Context(), r.Who(), r.Path("proposal"), f.Text("why"), version)
	if errs.Is(err, errs.Invalid) {
		return w.showUse(r, http.StatusUnprocessableEntity, f.Text("control"), f.Text("method"), usedView{Typed: f, At: r.Path("proposal"), Errors: errs.FieldsOf(err)})
	}
	if err != nil {
		return err
	}
	return r.Go("/controls/"+f.Text("control")+"?method="+f.Text("method"), "Declined, with the reason.")
}
