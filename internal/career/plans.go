package career

import (
	"context"
	"slices"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/career/planner"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// PlanQuery is what a person asks the planner. Zero is no limit.
type PlanQuery struct {
	Role      string // the target; empty for most roles
	Hours     int    // in all
	HoursWeek int
	Weeks     int
	From      clock.Day
	NoExams   bool
	Place     string   // the furthest, of framework.Places
	Exclude   []string // ids of options
}

// The most that can be asked: ten years, all hours of a week.
const (
	mostHours     = 20_000
	mostHoursWeek = 80
	mostWeeks     = 520
)

// examKind is the kind of experience that an examination leaves behind.
const examKind = "exam.passed"

// plansShown is how many plans are looked for.
const plansShown = 3

// patience is how long a page waits for the planner before it shows the best so far.
const patience = 400 * time.Millisecond

// PlanStep is one step of a plan.
type PlanStep struct {
	framework.Option
	FromWeek, ToWeek int
	From, To         clock.Day
	Closes           []string // requirements of the target that fail without it
	Before           []string // names of the options that cannot begin without it
	Opens            []string // ids of the roles that fail to open without it
}

// Plan is steps in the order in which they begin.
type Plan struct {
	Steps        []PlanStep
	Hours, Weeks int
	Opens        []string // ids of roles
	// OnlyTogether says that no step opens anything by itself, and that there are several.
	OnlyTogether bool
}

// Planned is the planner's answer. If not Proven, the cheapest plan has at least
// Bound hours, and no plan opens more than AtMost roles.
type Planned struct {
	Query         PlanQuery
	Plans         []Plan
	Already       bool // the target is met
	Proven        bool
	Bound, AtMost int
	Why           Reason // why there is no plan
}

// Options is the person's standing with what can be asked about its options.
type Options struct {
	Standing
	Exams bool // some option asks for an examination
	today clock.Day
	q     *question
	w     *planner.Weigher
	// What became of others, by option; options of which too few took it are not there.
	others map[string]OthersTook
}

// Options reads the standing and readies the options for questions.
func (s *Service) Options(ctx context.Context, who authz.Actor) (Options, error) {
	st, err := s.Standing(ctx, who)
	o := Options{Standing: st}
	if err != nil || !st.On {
		return o, err
	}
	o.today = s.Today()
	items, at, months := situation(st.By, st.Items, o.today)
	o.q = ask(st.By, items, at, months)
	o.w = planner.NewWeigher(&o.q.in, 0)
	for _, opt := range o.q.options {
		o.Exams = o.Exams || asksExam(opt)
	}
	o.others, err = s.othersOf(ctx, who, st.By, o.today)
	return o, err
}

// situation gives items the form in which rules read them, as evaluate does.
func situation(by *framework.Framework, items []Item, today clock.Day) (in []standing.Item, at time.Time, months int) {
	at, in = date(today), inputs(by, items, today)
	if day := first(items); day != "" && day <= today {
		months = int(at.Sub(date(day)).Hours() / 24 / 30.44)
	}
	return in, at, months
}

func asksExam(o framework.Option) bool {
	return slices.ContainsFunc(o.Yields, func(e framework.Evidence) bool { return e.Kind == examKind })
}

// Plan looks for plans. It never looks for longer than a page may wait.
func (s *Service) Plan(ctx context.Context, who authz.Actor, query PlanQuery) (Planned, error) {
	o, err := s.Options(ctx, who)
	if err == nil && !o.On {
		err = errs.New(errs.NotFound, "Your career is off. Turn it on under My standing.")
	}
	if err != nil {
		return Planned{}, err
	}
	return o.Plan(ctx, query)
}

// Check refuses what cannot be meant.
func (q PlanQuery) check(by *framework.Framework) error {
	var c errs.Check
	c.That(q.Role == "" || slices.ContainsFunc(by.Roles, func(r framework.Role) bool { return r.ID == q.Role }), "role", "Choose a role of the framework in force.")
	c.That(q.Hours >= 0 && q.Hours <= mostHours, "hours", "Enter hours from 1 to %d, or nothing.", mostHours)
	c.That(q.HoursWeek >= 0 && q.HoursWeek <= mostHoursWeek, "hours_week", "Enter hours a week from 1 to %d, or nothing.", mostHoursWeek)
	c.That(q.Weeks >= 0 && q.Weeks <= mostWeeks, "weeks", "Enter weeks from 1 to %d, or nothing.", mostWeeks)
	c.That(q.From == "" || clock.ValidDay(q.From), "from", "Enter a date such as 2027-01-15, or nothing.")
	c.That(q.Place == "" || slices.Contains(framework.Places, q.Place), "place", "Choose a place of the list.")
	for _, id := range q.Exclude {
		c.That(slices.ContainsFunc(by.Options, func(o framework.Option) bool { return o.ID == id }), "exclude", "Leave out only options of the framework in force.")
	}
	return c.Err()
}

// Plan looks for plans among these options.
func (o Options) Plan(ctx context.Context, query PlanQuery) (p Planned, err error) {
	if query.From == "" {
		query.From = o.today
	}
	p.Query = query
	if err := query.check(o.By); err != nil {
		return p, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a, err := o.search(ctx, query, plansShown)
	if err != nil {
		return p, err
	}
	p.Proven, p.Bound, p.AtMost = a.Proven, a.Bound, a.AtMost
	for _, found := range a.Plans {
		p.Plans = append(p.Plans, o.planned(found, query))
	}
	if len(p.Plans) > 0 {
		return p, nil
	}
	p.Already = query.Role != "" && len(o.q.missing(query.Role)) == 0
	if !p.Already && p.Proven {
		p.Why = o.reason(ctx, query)
	}
	return p, nil
}

func (o Options) search(ctx context.Context, query PlanQuery, plans int) (planner.Answer, error) {
	l := planner.Limits{Hours: query.Hours, HoursWeek: query.HoursWeek, Weeks: query.Weeks, Out: make([]bool, len(o.q.options))}
	for i, opt := range o.q.options {
		l.Out[i] = slices.Contains(query.Exclude, opt.ID) || query.NoExams && asksExam(opt) || !opt.Within(query.Place)
	}
	if query.Role != "" {
		return planner.Cheapest(ctx, &o.q.in, o.q.role(query.Role), l, plans)
	}
	all := make([]int, len(o.By.Roles))
	for i := range all {
		all[i] = i
	}
	return planner.Most(ctx, &o.q.in, all, l, plans)
}

func (q *question) role(id string) int {
	return slices.IndexFunc(q.in.Roles, func(r planner.Role) bool { return r.ID == id })
}

// missing gives the requirements of a role that are not met (their places).
func (q *question) missing(role string) (out []int) {
	for k, n := range q.in.Roles[q.role(role)].Needs {
		if !q.in.Open(n) {
			out = append(out, k)
		}
	}
	return out
}

// planned puts a plan into words and days.
func (o Options) planned(p planner.Plan, query PlanQuery) Plan {
	out := Plan{Hours: p.Hours, Weeks: p.Weeks, Opens: o.roleIDs(p.Opens), OnlyTogether: len(p.Steps) > 1}
	for _, s := range p.Steps {
		opt := o.q.options[s.Option]
		step := PlanStep{Option: opt, FromWeek: s.From, ToWeek: s.To, Opens: o.roleIDs(s.Opens)}
		step.From, step.To = clock.AddDays(query.From, 7*s.From), clock.AddDays(query.From, 7*s.To)
		for _, k := range s.Needed {
			step.Closes = append(step.Closes, o.q.now.Says(o.By.Roles[p.Opens[0]].Requirements[k]))
		}
		for _, b := range s.Before {
			step.Before = append(step.Before, o.q.options[b].Name)
		}
		alone := make([]int, len(o.q.options))
		alone[s.Option] = 1
		out.OnlyTogether = out.OnlyTogether && len(o.w.Weigh(alone).Opens) == 0
		out.Steps = append(out.Steps, step)
	}
	return out
}

func (o Options) roleIDs(places []int) (out []string) {
	for _, r := range places {
		out = append(out, o.q.in.Roles[r].ID)
	}
	return out
}
