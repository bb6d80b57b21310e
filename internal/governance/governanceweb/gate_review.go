package governanceweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cairn/internal/governance"
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// reviewView is the page of a review, with what was typed into one of its forms.
type reviewView struct {
	governance.ReviewSheet
	Naming  governance.Naming
	MeetsOn string
	Reason  string // of a conflict
	Typed   map[string]governance.GateOpinion
	Ruling  governance.Ruling
	Errors  []ui.FieldError
}

func (w *Web) gateReview(r *web.Req) error { return w.showReview(r, http.StatusOK, reviewView{}) }

func (w *Web) showReview(r *web.Req, status int, v reviewView) error {
	var err error
	if v.ReviewSheet, err = w.gov.ReviewOf(r.Context(), r.Who(), r.Path("id")); err != nil {
		return err
	}
	v.prepare()
	p := r.Page(v.Label()+", "+v.ProjectName, "gates")
	p.Crumbs = []ui.Crumb{{Label: "Gates", Href: "/gates"}, {Label: v.ProjectName, Href: "/projects/" + v.Project}, {Label: "Its gates", Href: "/projects/" + v.Project + "/gates"}}
	return r.RenderStatus(status, p, reviewPage(v))
}

// prepare fills in what is known: the reader's last words, the reviewers' findings
// as the chair's beginning, a line for each must that they do not find met.
func (v *reviewView) prepare() {
	if v.MeetsOn == "" {
		v.MeetsOn = v.ReviewSheet.MeetsOn
	}
	if v.Typed == nil {
		v.Typed = v.Mine
	}
	if v.Ruling.Verdicts != nil {
		v.padConditions(nil)
		return
	}
	var unmet []string
	for _, c := range v.Frozen.Criteria {
		verdict := v.found(c.ID)
		v.Ruling.Verdicts = append(v.Ruling.Verdicts, governance.Verdict{Criterion: c.ID, Verdict: verdict})
		if c.Must && verdict != "" && verdict != governance.Met {
			unmet = append(unmet, c.ID)
		}
	}
	v.padConditions(unmet)
}

// padConditions gives the form a line for each criterion, and one more, at most as
// many as the method allows.
func (v *reviewView) padConditions(criteria []string) {
	most := v.Frozen.Max
	if most == 0 {
		most = 5
	}
	due := v.dueBy()
	for _, id := range criteria {
		v.Ruling.Conditions = append(v.Ruling.Conditions, governance.ConditionAsked{Criterion: id, Due: due})
	}
	v.Ruling.Conditions = v.Ruling.Conditions[:min(len(v.Ruling.Conditions), max(most, len(v.Ruling.Conditions)))]
	for len(v.Ruling.Conditions) < most {
		v.Ruling.Conditions = append(v.Ruling.Conditions, governance.ConditionAsked{Due: due})
	}
}

// dueBy proposes a date for conditions: in thirty days, or two weeks before the
// next gate where that is earlier.
func (v *reviewView) dueBy() clock.Day {
	due, after := clock.AddDays(v.Today, 30), false
	for i := range v.Journey.Steps {
		s := &v.Journey.Steps[i]
		if after && s.Plan.Planned != "" {
			if early := clock.AddDays(s.Plan.Planned, -14); early < due && early > v.Today {
				due = early
			}
			break
		}
		after = after || s.Gate.ID == v.Gate
	}
	return due
}

// severity orders verdicts; the worst that was found is the chair's beginning.
var severity = []string{"", governance.Met, governance.CannotSay, governance.PartlyMet, governance.NotMet}

// found is the worst that anybody without a conflict said of a criterion.
func (v *reviewView) found(criterion string) (verdict string) {
	for _, o := range v.Said {
		conflicted := slices.ContainsFunc(v.Seats, func(s governance.Seat) bool { return s.Person == o.Person && s.Conflicted() })
		if o.Criterion == criterion && !conflicted && slices.Index(severity, o.Verdict) > slices.Index(severity, verdict) {
			verdict = o.Verdict
		}
	}
	return verdict
}

// saidOf lists what was said of a criterion.
func (v *reviewView) saidOf(criterion string) (out []governance.GateOpinion) {
	for _, o := range v.Said {
		if o.Criterion == criterion {
			out = append(out, o)
		}
	}
	return out
}

// verdictOf is what the chair chose, or would begin with.
func (v *reviewView) verdictOf(criterion string) governance.Verdict {
	list := v.Ruling.Verdicts
	if v.Decision != nil {
		list = v.Decision.Verdicts
	}
	for _, x := range list {
		if x.Criterion == criterion {
			return x
		}
	}
	return governance.Verdict{Criterion: criterion}
}

// reviewStep goes back to the review, or shows there what was wrong with what was typed.
func (w *Web) reviewStep(r *web.Req, err error, anchor, said string, typed reviewView) error {
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) || errs.Is(err, errs.Duplicate) {
		typed.Errors = fieldsOrMessage(err)
		return w.showReview(r, web.StatusOf(errs.KindOf(err)), typed)
	}
	if err != nil {
		return err
	}
	return r.Go("/gates/reviews/"+r.Path("id")+anchor, said)
}

func (w *Web) gateMeet(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	on := f.Text("meets_on")
	return w.reviewStep(r, w.gov.Meet(r.Context(), r.Who(), r.Path("id"), 0, on), "#room", "The meeting is on "+ui.DateFull(on)+".", reviewView{MeetsOn: on})
}

func (w *Web) gateSeat(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	n := governance.Naming{Person: f.Text("person"), Capacity: governance.Capacity(f.Text("capacity")), For: f.Text("for"), Authority: f.Text("authority"), Side: f.Text("side")}
	return w.reviewStep(r, w.gov.Seat(r.Context(), r.Who(), r.Path("id"), n), "#room", n.Person+" takes part.", reviewView{Naming: n})
}

func (w *Web) gateUnseat(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return w.reviewStep(r, w.gov.Unseat(r.Context(), r.Who(), r.Path("id"), f.Text("person"), governance.Capacity(f.Text("capacity"))), "#room", "The seat is taken away.", reviewView{})
}

func (w *Web) gatePresent(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return w.reviewStep(r, w.gov.Present(r.Context(), r.Who(), r.Path("id"), f.Text("person"), f.Yes("present")), "#room", "", reviewView{})
}

func (w *Web) gateConflict(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	words := f.Text("conflict")
	return w.reviewStep(r, w.gov.Declare(r.Context(), r.Who(), r.Path("id"), words), "#room", "Declared. You are heard and do not count.", reviewView{Reason: words})
}

func (w *Web) gateOpine(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	typed := map[string]governance.GateOpinion{}
	var list []governance.GateOpinion
	for name := range f.Values {
		id, ok := strings.CutPrefix(name, "opinion_")
		if !ok {
			continue
		}
		o := governance.GateOpinion{Criterion: id, Verdict: f.Text(name), Words: f.Text("words_" + id)}
		typed[id] = o
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b governance.GateOpinion) int { return strings.Compare(a.Criterion, b.Criterion) })
	return w.reviewStep(r, w.gov.OpineGate(r.Context(), r.Who(), r.Path("id"), list), "#criteria", "Your opinion is in.", reviewView{Typed: typed})
}

// readRuling reads the form of a decision. Lines of conditions count with a
// conditional go alone, and a line with nothing but its proposed date is none.
func readRuling(f web.Form) governance.Ruling {
	r := governance.Ruling{Decision: f.Text("decision"), Rationale: f.Text("rationale"), Dissent: f.Text("dissent"), Released: f.Text("released"), Needs: map[string]string{}, Verdicts: []governance.Verdict{}}
	r.Version, _ = strconv.ParseInt(f.Text("version"), 10, 64) // none is 0: any version
	for name := range f.Values {
		if id, ok := strings.CutPrefix(name, "verdict_"); ok {
			r.Verdicts = append(r.Verdicts, governance.Verdict{Criterion: id, Verdict: f.Text(name), Words: f.Text("found_" + id)})
		}
		if need, ok := strings.CutPrefix(name, "need_"); ok && f.Text(name) != "" {
			r.Needs[need] = f.Text(name)
		}
	}
	slices.SortFunc(r.Verdicts, func(a, b governance.Verdict) int { return strings.Compare(a.Criterion, b.Criterion) })
	for i := 1; i <= 20; i++ {
		at := func(field string) string { return f.Text("condition_" + strconv.Itoa(i) + "_" + field) }
		if _, ok := f.Values["condition_"+strconv.Itoa(i)+"_words"]; !ok {
			break
		}
		c := governance.ConditionAsked{Criterion: at("criterion"), Words: at("words"), Owner: at("owner"), Due: at("due"), Proof: at("proof")}
		r.Conditions = append(r.Conditions, c)
	}
	return r
}

func (w *Web) gateDecide(r *web.Req) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	typed := readRuling(f)
	asked := typed
	asked.Conditions = nil
	if typed.Decision == method.ConditionalGo {
		for _, c := range typed.Conditions {
			if c.Words == "" && c.Owner == "" && c.Proof == "" {
				c = governance.ConditionAsked{} // keeps its number, for errors
			}
			asked.Conditions = append(asked.Conditions, c)
		}
	}
	d, err := w.gov.DecideGate(r.Context(), r.Who(), r.Path("id"), asked)
	return w.reviewStep(r, err, "", decisionLabel(d.Decision)+". The decision and what the record held are kept.", reviewView{Ruling: typed})
}
