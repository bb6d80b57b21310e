package governanceweb

import (
	"net/http"
	"strconv"

	"cairn/internal/governance"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

type conditionListView struct {
	governance.ConditionPage
	Query governance.ConditionQuery
	More  string
}

func (w *Web) conditionList(r *web.Req) error {
	v := conditionListView{Query: governance.ConditionQuery{Project: r.Query("project"), Mine: r.Query("mine") != "", Show: r.Query("show")}}
	var err error
	if v.Query.After, err = cursorOf("conditions", r.Query("after")); err != nil {
		return err
	}
	if v.ConditionPage, err = w.gov.Conditions(r.Context(), r.Who(), v.Query); err != nil {
		return err
	}
	if v.Next != "" {
		q := r.R.URL.Query()
		q.Set("after", cursorFor("conditions", v.Next))
		v.More = "/conditions?" + q.Encode()
	}
	p := r.Page("Conditions", "gates")
	p.Crumbs = []ui.Crumb{{Label: "Gates", Href: "/gates"}}
	return r.Render(p, conditionsPage(v))
}

type conditionView struct {
	governance.Condition
	Today  string
	Proof2 string // what was typed as a proof
	Said   string // what was typed to close or waive
	Errors []ui.FieldError
}

func (w *Web) condition(r *web.Req) error { return w.showCondition(r, http.StatusOK, conditionView{}) }

func (w *Web) showCondition(r *web.Req, status int, v conditionView) error {
	var err error
	if v.Condition, err = w.gov.Condition(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	v.Today = w.gov.Today()
	p := r.Page("Condition of "+governance.GateLabel(v.Gate), "gates")
	p.Crumbs = []ui.Crumb{{Label: "Conditions", Href: "/conditions"}, {Label: v.ProjectName, Href: "/projects/" + v.Project}, {Label: governance.GateLabel(v.Gate), Href: "/gates/reviews/" + v.Review}}
	return r.RenderStatus(status, p, conditionPage(v))
}

// conditionStep goes back to the condition, or shows there what was wrong.
func (w *Web) conditionStep(r *web.Req, err error, said string, typed conditionView) error {
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.Duplicate) {
		typed.Errors = fieldsOrMessage(err)
		return w.showCondition(r, web.StatusOf(errs.KindOf(err)), typed)
	}
	if err != nil {
		return err
	}
	return r.Go("/conditions/"+r.Path("id"), said)
}

func versionIn(f web.Form) int64 {
	n, _ := strconv.ParseInt(f.Text("version"), 10, 64) // none is 0: any version
	return n
}

func (w *Web) conditionProof(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.GiveProof(r.Context(), r.Who(), r.Path("id"), versionIn(f), f.Text("proof"))
	return w.conditionStep(r, err, "The proof is handed in. It blocks until whoever set it closes it.", conditionView{Proof2: f.Text("proof")})
}

func (w *Web) conditionClose(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.CloseCondition(r.Context(), r.Who(), r.Path("id"), versionIn(f), f.Text("words"))
	return w.conditionStep(r, err, "Closed. It blocks nothing any more.", conditionView{Said: f.Text("words")})
}

func (w *Web) conditionWaive(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	_, err = w.gov.WaiveCondition(r.Context(), r.Who(), r.Path("id"), versionIn(f), f.Text("words"))
	return w.conditionStep(r, err, "Waived, with your reason.", conditionView{Said: f.Text("words")})
}
