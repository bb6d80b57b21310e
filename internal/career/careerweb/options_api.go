package careerweb

import (
	"context"
	"net/http"

	"cairn/internal/career"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/web"
)

type optionsInput struct {
	Do []string `query:"do,explode" maxItems:"100" doc:"Options to add up, by their ids."`
}

type gainJSON struct {
	Competency string `json:"competency"`
	From       int    `json:"from"`
	To         int    `json:"to"`
}

type optionJSON struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Hours      int        `json:"hours"`
	Weeks      int        `json:"weeks"`
	Place      string     `json:"place" enum:"desk,organisation,elsewhere" doc:"Where it is done: beside one's own post, in another team of the organisation, outside it."`
	Times      int        `json:"times" doc:"How often it counts in a plan."`
	First      []string   `json:"first" nullable:"false" doc:"What has to come first; empty if it may be taken now."`
	Closes     []string   `json:"closes" nullable:"false" doc:"Requirements of roles that it would meet, in words."`
	Raises     []gainJSON `json:"raises" nullable:"false"`
	Opens      []string   `json:"opens" nullable:"false" doc:"Ids of the roles whose published criteria would be met. It does not mean that a post is offered."`
	YesFrom    []string   `json:"yes_from" nullable:"false"`
	CanGoWrong []string   `json:"can_go_wrong" nullable:"false"`
	Others     string     `json:"others,omitempty" doc:"What happened to others who took it, as what went together; nothing while fewer than five stand on one side."`
}

type mixJSON struct {
	Options []string `json:"options" nullable:"false"`
	Hours   int      `json:"hours"`
	Weeks   int      `json:"weeks"`
	Closes  []string `json:"closes" nullable:"false"`
	Opens   []string `json:"opens" nullable:"false"`
	Waiting []string `json:"waiting" nullable:"false" doc:"Names of options that cannot begin yet, and count for nothing here."`
}

type optionsOutput struct {
	Body struct {
		On       bool         `json:"on" doc:"Off: nothing is derived."`
		Items    []optionJSON `json:"items" nullable:"false"`
		Together mixJSON      `json:"together" doc:"What the options of do come to."`
	}
}

type plansInput struct {
	Role      string   `query:"role" maxLength:"100" doc:"The target; without it, plans that open most roles."`
	Hours     int      `query:"hours" minimum:"0" maximum:"20000" doc:"In all, at most; 0 for no limit."`
	HoursWeek int      `query:"hours_week" minimum:"0" maximum:"80" doc:"A week, at most; 0 for no limit."`
	Weeks     int      `query:"weeks" minimum:"0" maximum:"520" doc:"From beginning to end, at most; 0 for no limit."`
	From      string   `query:"from" maxLength:"10" doc:"The day on which it begins; today if left out."`
	NoExams   bool     `query:"no_exams"`
	Place     string   `query:"place" enum:"desk,organisation,elsewhere" doc:"No further than: beside one's own post, in another team of the organisation, outside it. Left out for no limit."`
	Without   []string `query:"without,explode" maxItems:"100" doc:"Options that are left out, by their ids."`
}

type stepJSON struct {
	Option string   `json:"option"`
	Name   string   `json:"name"`
	Hours  int      `json:"hours"`
	From   string   `json:"from"`
	To     string   `json:"to"`
	Closes []string `json:"closes" nullable:"false" doc:"Requirements of the target that stay missing without this step."`
	Before []string `json:"before" nullable:"false" doc:"Names of the options that cannot begin without it."`
	Opens  []string `json:"opens" nullable:"false" doc:"Ids of the roles that stay closed without it."`
}

type planJSON struct {
	Hours        int        `json:"hours"`
	Weeks        int        `json:"weeks"`
	Opens        []string   `json:"opens" nullable:"false" doc:"Ids of the roles whose published criteria would be met."`
	OnlyTogether bool       `json:"only_together" doc:"No step opens anything alone."`
	Steps        []stepJSON `json:"steps" nullable:"false"`
}

type plansOutput struct {
	Body struct {
		Already bool       `json:"already" doc:"The criteria of the target are met."`
		Proven  bool       `json:"proven" doc:"Each plan is the best, and there are no more of them."`
		Bound   int        `json:"bound" doc:"No plan to the target has fewer hours."`
		AtMost  int        `json:"at_most" doc:"No plan opens more roles."`
		Items   []planJSON `json:"items" nullable:"false"`
		Why     whyJSON    `json:"why" doc:"If there is no plan: why."`
	}
}

type whyJSON struct {
	Never  []string `json:"never" nullable:"false" doc:"Requirements that stay missing even if everything is done."`
	Limits []string `json:"limits" nullable:"false" doc:"The fewest limits that alone rule out every plan."`
	Back   []string `json:"back" nullable:"false" doc:"Names of options left out, any one of which would make a plan possible."`
	Hours  int      `json:"hours" doc:"Of the cheapest plan without any limit."`
	Weeks  int      `json:"weeks"`
}

type blockerJSON struct {
	Says string   `json:"says"`
	Have string   `json:"have"`
	Who  []string `json:"who" nullable:"false" doc:"Who could confirm it."`
}

// planning is options and plans.
func (w *Web) planning() []web.Operation {
	return []web.Operation{
		web.Op(web.Spec{ID: "listOptions", Method: http.MethodGet, Path: "/options", Tag: "options", Action: career.OwnCareer, Scope: "career:read", Summary: "List what one could do next, and what it would open"}, w.apiOptions),
		web.Op(web.Spec{ID: "findPlans", Method: http.MethodGet, Path: "/plans", Tag: "plans", Action: career.OwnCareer, Scope: "career:read", Summary: "Find the cheapest plans to a role, or to most roles"}, w.apiPlans),
	}
}

func (w *Web) apiOptions(ctx context.Context, who authz.Actor, in *optionsInput) (*optionsOutput, error) {
	o, err := w.career.Options(ctx, who)
	if err != nil {
		return nil, err
	}
	out := &optionsOutput{}
	out.Body.On, out.Body.Items, out.Body.Together = o.On, []optionJSON{}, together(career.Mix{})
	if !o.On {
		return out, nil
	}
	for _, opt := range o.Standing.Options {
		one := optionOf(opt, o.Mix([]string{opt.ID}))
		one.Others, _ = o.Others(opt.ID)
		out.Body.Items = append(out.Body.Items, one)
	}
	out.Body.Together = together(o.Mix(in.Do))
	return out, nil
}

func optionOf(o standing.Option, m career.Mix) optionJSON {
	out := optionJSON{
		ID: o.ID, Name: o.Name, Hours: o.Hours, Weeks: o.ElapsedWeeks, Place: o.Where(), Times: max(1, o.Max),
		First: append([]string{}, o.First...), Closes: append([]string{}, m.Closes...), Raises: []gainJSON{}, Opens: append([]string{}, o.Opens...),
		YesFrom: append([]string{}, o.YesFrom...), CanGoWrong: append([]string{}, o.CanGoWrong...),
	}
	for _, g := range o.Gains {
		out.Raises = append(out.Raises, gainJSON(g))
	}
	return out
}

func together(m career.Mix) mixJSON {
	return mixJSON{append([]string{}, m.Options...), m.Hours, m.Weeks, append([]string{}, m.Closes...), append([]string{}, m.Opens...), append([]string{}, m.Stuck...)}
}

func (w *Web) apiPlans(ctx context.Context, who authz.Actor, in *plansInput) (*plansOutput, error) {
	p, err := w.career.Plan(ctx, who, career.PlanQuery{
		Role: in.Role, Hours: in.Hours, HoursWeek: in.HoursWeek, Weeks: in.Weeks, From: in.From, NoExams: in.NoExams, Place: in.Place, Exclude: in.Without,
	})
	if err != nil {
		return nil, err
	}
	out := &plansOutput{}
	b := &out.Body
	b.Already, b.Proven, b.Bound, b.AtMost, b.Items = p.Already, p.Proven, p.Bound, p.AtMost, []planJSON{}
	b.Why = whyJSON{append([]string{}, p.Why.Never...), append([]string{}, p.Why.Limits...), append([]string{}, p.Why.Exclude...), p.Why.Hours, p.Why.Weeks}
	for _, plan := range p.Plans {
		one := planJSON{plan.Hours, plan.Weeks, append([]string{}, plan.Opens...), plan.OnlyTogether, []stepJSON{}}
		for _, s := range plan.Steps {
			one.Steps = append(one.Steps, stepJSON{s.ID, s.Name, s.Hours, s.From, s.To, append([]string{}, s.Closes...), append([]string{}, s.Before...), append([]string{}, s.Opens...)})
		}
		b.Items = append(b.Items, one)
	}
	return out, nil
}

// blockers are the sets of requirements that keep a role closed.
func blockers(w career.WhyNot) [][]blockerJSON {
	out := [][]blockerJSON{}
	for _, set := range w.Sets {
		var one []blockerJSON
		for _, b := range set {
			one = append(one, blockerJSON{b.Says, b.Have, append([]string{}, b.Who...)})
		}
		out = append(out, one)
	}
	return out
}
