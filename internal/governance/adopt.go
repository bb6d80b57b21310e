package governance

import (
	"context"
	"slices"
	"strconv"

	"cairn/internal/governance/method"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Effect is what another version would change for one project.
type Effect struct {
	Project, Name                string
	Number                       int // of the version that it follows now
	From, To                     method.Tier
	Phase                        string // of the project now
	Lost                         bool   // the other version has no such phase
	GatesMore, GatesLess         []string
	ControlsMore, ControlsLess   []string // names
	DocumentsMore, DocumentsLess []string
	MinutesFrom, MinutesTo       float64 // a month, of the project manager, by the estimates
	Unanswered                   bool    // the other version's dial asks what the project has not answered; its tier is taken to stay
}

// Any reports whether anything changes at all.
func (e Effect) Any() bool {
	return e.From != e.To || len(e.GatesMore)+len(e.GatesLess)+len(e.ControlsMore)+len(e.ControlsLess)+len(e.DocumentsMore)+len(e.DocumentsLess) > 0
}

// follower is a project with the version that it follows.
type follower struct {
	Governed
	name    string
	answers *Answered
}

// followersOf reads the projects that follow some versions of a method, those that
// the reader sees, with their last answers.
func followersOf(ctx context.Context, v *work.View, of, version string, projects []string) ([]follower, error) {
	var w sqldb.Where
	w.And("g.to_on = ? AND m.method_id = ?", Lasting, of)
	if version != "" {
		w.And("g.method_version_id = ?", version)
	}
	if len(projects) > 0 {
		w.AndIn("g.project_id", projects)
	}
	w.And("p.status_key NOT IN ('closed', 'cancelled')")
	authz.Scope(&w, v.Who, "g.project_id", v.Today)
	rows, err := v.QueryContext(ctx, `SELECT g.id, g.project_id, g.from_on, g.to_on, g.method_version_id, g.dial_id, g.tier, g.involves, g.phase, g.why, g.made_by, g.made_at, n.name
		FROM governed g JOIN method_version m ON m.id = g.method_version_id JOIN v_project n ON n.id = g.project_id JOIN v_project_held p ON p.project_id = g.project_id AND p.valid_to = '9999-12-31'`+w.SQL()+` ORDER BY n.name_key, g.project_id`, w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []follower
	for rows.Next() {
		var f follower
		if f.Governed, err = scanGoverned(tail{rows, &f.name}); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, lastAnswers(ctx, v, out)
}

// tail scans one more column after those that are asked for.
type tail struct {
	row  interface{ Scan(...any) error }
	more any
}

// Scan implements the scanner of a row.
func (t tail) Scan(to ...any) error { return t.row.Scan(append(to, t.more)...) }

// lastAnswers adds the last answers of each project.
func lastAnswers(ctx context.Context, q sqldb.Querier, list []follower) error {
	for batch := range slices.Chunk(list, 500) {
		if err := lastAnswersOf(ctx, q, batch); err != nil {
			return err
		}
	}
	return nil
}

func lastAnswersOf(ctx context.Context, q sqldb.Querier, batch []follower) error {
	var w sqldb.Where
	at := map[string]*follower{}
	ids := make([]string, len(batch))
	for i := range batch {
		ids[i], at[batch[i].Project] = batch[i].Project, &batch[i]
	}
	w.AndIn("d.project_id", ids)
	rows, err := q.QueryContext(ctx, `SELECT `+answeredColumns+w.SQL()+` ORDER BY d.answered_at, d.id`, w.Values()...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		a, err := scanAnswered(rows)
		if err != nil {
			return err
		}
		at[a.Project].answers = &a
	}
	return rows.Err()
}

// effect compares what two versions ask of a project. The tier is asked anew of the
// other version's dial, from the answers that there are; an overridden tier stays.
func (s *Service) effect(f follower, now *method.Method, key string, to *method.Method) Effect {
	e := Effect{Project: f.Project, Name: f.name, From: f.Tier, To: f.Tier, Phase: f.Phase, Lost: !hasPhase(to, f.Phase)}
	involves := f.Involves
	if f.answers != nil && to.Dial != nil && f.Why != WhyOverridden {
		r, err := to.Decide(f.answers.Answers, method.Register{HandsOver: f.answers.HandsOver, Kind: f.answers.Kind})
		if err != nil {
			e.Unanswered = true
		} else {
			e.To, involves = r.Tier, r.Involves
		}
	}
	a := s.require(f.Version, now, f.Tier, f.Involves)
	var b *method.Requirement
	if key == "" {
		b = to.Require(e.To, involves) // of a draft, which changes
	} else {
		b = s.require(key, to, e.To, involves)
	}
	e.MinutesFrom, e.MinutesTo = a.EstimatedMinutes, b.EstimatedMinutes
	e.ControlsMore, e.ControlsLess = moreLess(namesOf(a.Controls, func(c *method.Control) (string, string) { return c.ID, c.Name }), namesOf(b.Controls, func(c *method.Control) (string, string) { return c.ID, c.Name }))
	e.GatesMore, e.GatesLess = moreLess(heldGates(a), heldGates(b))
	e.DocumentsMore, e.DocumentsLess = moreLess(namesOf(a.Documents, func(d method.DocumentAsked) (string, string) { return d.ID, d.Name }), namesOf(b.Documents, func(d method.DocumentAsked) (string, string) { return d.ID, d.Name }))
	return e
}

type named struct{ id, name string }

func namesOf[T any](list []T, name func(T) (string, string)) []named {
	out := make([]named, len(list))
	for i, x := range list {
		out[i].id, out[i].name = name(x)
	}
	return out
}

func heldGates(r *method.Requirement) (out []named) {
	for _, g := range r.Gates {
		if g.Held {
			out = append(out, named{g.Gate.ID, g.Gate.Name})
		}
	}
	return out
}

// moreLess tells what is only in the second list, and what only in the first.
func moreLess(a, b []named) (more, less []string) {
	only := func(in, out []named) (names []string) {
		for _, x := range in {
			if !slices.ContainsFunc(out, func(y named) bool { return y.id == x.id }) {
				names = append(names, x.name)
			}
		}
		return names
	}
	return only(b, a), only(a, b)
}

// Impact is what a version would change for the projects that run.
type Impact struct {
	Effects []Effect // of a draft: of the projects for which something changes; of a version: of all that do not follow it
	Looked  int      // projects that follow the method
}

func (i Impact) count(has func(Effect) bool) (n int) {
	for _, e := range i.Effects {
		if has(e) {
			n++
		}
	}
	return n
}

// Sentences says the impact in a few lines: "9 projects would gain a gate."
func (i Impact) Sentences() (out []string) {
	for _, l := range []struct {
		words string
		has   func(Effect) bool
	}{
		{"would rise a tier", func(e Effect) bool { return e.To > e.From }},
		{"would fall a tier", func(e Effect) bool { return e.To < e.From }},
		{"would gain a gate", func(e Effect) bool { return len(e.GatesMore) > 0 }},
		{"would lose a gate", func(e Effect) bool { return len(e.GatesLess) > 0 }},
		{"would gain a control", func(e Effect) bool { return len(e.ControlsMore) > 0 }},
		{"would lose a control", func(e Effect) bool { return len(e.ControlsLess) > 0 }},
		{"would gain a document", func(e Effect) bool { return len(e.DocumentsMore) > 0 }},
		{"would lose a document", func(e Effect) bool { return len(e.DocumentsLess) > 0 }},
	} {
		if n := i.count(l.has); n == 1 {
			out = append(out, "1 project "+l.words+".")
		} else if n > 1 {
			out = append(out, strconv.Itoa(n)+" projects "+l.words+".")
		}
	}
	return out
}

// TryDraft tells what the draft of a method would change for the projects that
// follow the method in any version.
func (s *Service) TryDraft(ctx context.Context, who authz.Actor, of string) (out Impact, err error) {
	d, m, _, problems, err := s.DraftOf(ctx, who, of)
	if err != nil {
		return out, err
	}
	if m == nil {
		return out, errs.OnField("text", "The draft has %d problems; put them right first.", len(problems))
	}
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, WriteMethods, authz.Instance); err != nil {
			return err
		}
		out, err = s.impact(ctx, v, d.Method, "", nil, "", m)
		return err
	})
	return out, err
}

func (s *Service) impact(ctx context.Context, v *work.View, of, from string, projects []string, key string, to *method.Method) (out Impact, err error) {
	list, err := followersOf(ctx, v, of, from, projects)
	if err != nil {
		return out, err
	}
	out.Looked = len(list)
	numbers := map[string]int{}
	published, err := versions(ctx, v, of)
	if err != nil {
		return out, err
	}
	for _, ver := range published {
		numbers[ver.ID] = ver.Number
	}
	for _, f := range list {
		if f.Version == key {
			continue
		}
		now, err := s.method(ctx, v, f.Version)
		if err != nil {
			return out, err
		}
		e := s.effect(f, now, key, to)
		e.Number = numbers[f.Version]
		if e.Any() || key != "" {
			out.Effects = append(out.Effects, e)
		}
	}
	return out, nil
}

// Moving tells what moving to a version would change: for some projects, or for
// all that follow an older version of the method.
func (s *Service) Moving(ctx context.Context, who authz.Actor, version string, projects []string) (out Impact, to Version, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		if to, _, err = getVersion(ctx, v, version); err != nil {
			return err
		}
		m, err := s.method(ctx, v, version)
		if err != nil {
			return err
		}
		out, err = s.impact(ctx, v, to.Method, "", projects, version, m)
		return err
	})
	return out, to, err
}

// Move puts a project on another version of its method. What that changes is shown
// before by Moving.
func (s *Service) Move(ctx context.Context, who authz.Actor, project, version string) error {
	return s.unit.Do(ctx, who, func(ctx context.Context, tx *work.Tx) error {
		if err := tx.May(ctx, MoveProjects, authz.On(project)); err != nil {
			return err
		}
		g, now, err := s.current(ctx, tx, project)
		if err != nil {
			return err
		}
		if g == nil {
			return errs.New(errs.Conflict, "Answer the dial of this project first.")
		}
		if g.Version == version {
			return nil
		}
		to, err := s.method(ctx, tx, version)
		if errs.Is(err, errs.NotFound) || err == nil && to.ID != now.ID {
			return errs.OnField("version", "Choose a version of the %s; another method comes by the dial.", now.Name)
		}
		if err != nil {
			return err
		}
		last, err := lastAnswered(ctx, tx, project)
		if err != nil {
			return err
		}
		next := *g
		next.Version, next.Why = version, WhyMoved
		if last != nil && to.Dial != nil && g.Why != WhyOverridden {
			if r, err := to.Decide(last.Answers, method.Register{HandsOver: last.HandsOver, Kind: last.Kind}); err == nil {
				next.Tier, next.Involves = r.Tier, r.Involves
			}
		}
		if next.Phase, err = phaseIn(to, g.Phase); err != nil {
			return err
		}
		tx.Record(Moved{Project: project, From: g.Version, To: version, Why: WhyMoved, By: who.Person})
		return succeed(ctx, tx, g, next)
	})
}

// Adopted is how many projects followed a version, or a later one, on a day.
type Adopted struct {
	Day        clock.Day
	Follow, Of int
}

// Adoption tells, for the first of each of the last twelve months and today, how
// many of the projects that follow a method follow at least a version of it.
func (s *Service) Adoption(ctx context.Context, who authz.Actor, version string) (out []Adopted, err error) {
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, SeeMethods, authz.Instance); err != nil {
			return err
		}
		ver, _, err := getVersion(ctx, v, version)
		if err != nil {
			return err
		}
		var w sqldb.Where
		w.And("m.method_id = ?", ver.Method)
		authz.Scope(&w, v.Who, "g.project_id", v.Today)
		rows, err := v.QueryContext(ctx, `SELECT g.from_on, g.to_on, m.number FROM governed g JOIN method_version m ON m.id = g.method_version_id`+w.SQL(), w.Values()...)
		if err != nil {
			return err
		}
		defer rows.Close()
		days := lastMonths(v.Today, 12)
		out = make([]Adopted, len(days))
		for rows.Next() {
			var from, to clock.Day
			var number int
			if err := rows.Scan(&from, &to, &number); err != nil {
				return err
			}
			for i, d := range days {
				out[i].Day = d
				if from <= d && d < to {
					out[i].Of++
					if number >= ver.Number {
						out[i].Follow++
					}
				}
			}
		}
		return rows.Err()
	})
	return out, err
}

// lastMonths gives the first days of months up to a day, and the day itself.
func lastMonths(today clock.Day, n int) []clock.Day {
	out := []clock.Day{today}
	for d := today[:8] + "01"; len(out) < n; d = clock.AddDays(d, -1)[:8] + "01" {
		if d != today {
			out = append(out, d)
		}
	}
	slices.Reverse(out)
	return out
}
