package career

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cairn/internal/career/framework"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// Took is a piece of work that somebody took as an opportunity and did, as the other
// side confirmed. It is official work, whether or not their career is on.
type Took struct {
	Person, Project, Kind string
	As                    activity.RoleInWork
	On                    clock.Day // of the confirmation
}

// Takers knows what was taken, the oldest first; nothing of confidential projects.
type Takers interface {
	Took(ctx context.Context, q sqldb.Querier, upTo clock.Day) ([]Took, error)
}

// TakenFrom lets options say what happened to others who took them.
func (s *Service) TakenFrom(t Takers) { s.takers = t }

// FewestOthers is how many people each part of what is said about others has, at least.
const FewestOthers = fewest

// afterwards is how many months of official work after a piece of work are looked at:
// of everybody the same, so that only who did it that long ago counts.
const afterwards = 18

// OthersTook is what became of those who took an option: how many there are, and how
// many of them led another project that began in the months afterwards. Both this and
// the rest are at least FewestOthers.
type OthersTook struct{ Of, Led int }

// othersOf reads it for all options from the record of official work, as at the first
// day of the month, so that nothing moves from one day to the next.
func (s *Service) othersOf(ctx context.Context, who authz.Actor, by *framework.Framework, today clock.Day) (out map[string]OthersTook, err error) {
	if s.takers == nil {
		return nil, nil
	}
	month := date(today[:len("2006-01")] + "-01")
	upTo := month.AddDate(0, -afterwards, -1).Format(time.DateOnly)
	err = s.unit.View(ctx, who, func(ctx context.Context, v *work.View) error {
		if err := v.May(ctx, OwnCareer, authz.Of(who.Person)); err != nil {
			return err
		}
		took, err := s.takers.Took(ctx, v, upTo)
		if err != nil || len(took) < 2*FewestOthers {
			return err
		}
		led, err := ledBy(ctx, v, took)
		if err != nil {
			return err
		}
		now, err := s.inForce(ctx, v)
		if err != nil {
			return err
		}
		first := now.Options
		if now == by {
			first = nil
		}
		out = spoken(first, by.Options, took, led)
		return nil
	})
	return out, err
}

// spoken is what is said of options: those of the framework in force go first, and what
// would tell of too few beside what is said already is not said. Options share kinds of
// work, so that one figure can be another and a single person.
func spoken(first, options []framework.Option, took []Took, led map[string][]stint) map[string]OthersTook {
	out := map[string]OthersTook{}
	var told [][][]taker
	for i, o := range slices.Concat(first, options) {
		groups := together(o, took, led)
		if len(groups) == 0 || slices.ContainsFunc(told, func(other [][]taker) bool { return tells(groups, other) || tells(other, groups) }) {
			continue
		}
		told = append(told, groups)
		if i >= len(first) {
			out[o.ID] = sum(groups)
		}
	}
	return out
}

// stint is a time in which somebody led a project.
type stint struct{ project, from string }

// ledBy reads which projects those people led, and from when.
func ledBy(ctx context.Context, q sqldb.Querier, took []Took) (map[string][]stint, error) {
	var people []string
	for _, t := range took {
		people = append(people, t.Person)
	}
	slices.Sort(people)
	var w sqldb.Where
	w.And("a.kind = 'project_manager' AND NOT EXISTS (SELECT 1 FROM node n WHERE n.id = a.project_id AND n.confidential = TRUE)")
	w.AndIn("a.person_id", slices.Compact(people))
	rows, err := q.QueryContext(ctx, `SELECT a.person_id, a.project_id, a.from_on FROM v_assignment a`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]stint{}
	for rows.Next() {
		var person string
		var s stint
		if err := rows.Scan(&person, &s.project, &s.from); err != nil {
			return nil, err
		}
		out[person] = append(out[person], s)
	}
	return out, rows.Err()
}

// taker is somebody who took an option, and whether they led afterwards.
type taker struct {
	person string
	led    bool
}

// together are those who took an option, in the order in which they did it, and only in
// groups that have FewestOthers on both sides: so what one month says less what the
// month before said is never about fewer.
func together(o framework.Option, took []Took, led map[string][]stint) (groups [][]taker) {
	seen := map[string]bool{}
	var group []taker
	with := 0
	for _, t := range took {
		if seen[t.Person] || !leftBy(o, t) {
			continue
		}
		seen[t.Person] = true
		one := taker{t.Person, ledAfter(t, led[t.Person])}
		if group = append(group, one); one.led {
			with++
		}
		if with >= FewestOthers && len(group)-with >= FewestOthers {
			groups, group, with = append(groups, group), nil, 0
		}
	}
	return groups
}

// sum counts groups.
func sum(groups [][]taker) (out OthersTook) {
	for _, t := range slices.Concat(groups...) {
		if out.Of++; t.led {
			out.Led++
		}
	}
	return out
}

// tells reports whether groups, as they were said at any time, tell of fewer than
// FewestOthers beside all groups of another option: by those who are in one alone.
func tells(groups, other [][]taker) bool {
	all := map[taker]bool{}
	for _, t := range slices.Concat(other...) {
		all[t] = true
	}
	whole, so, both := sum(other), OthersTook{}, OthersTook{}
	for _, group := range groups {
		for _, t := range group {
			n := OthersTook{Of: 1}
			if t.led {
				n.Led = 1
			}
			so = OthersTook{so.Of + n.Of, so.Led + n.Led}
			if all[t] {
				both = OthersTook{both.Of + n.Of, both.Led + n.Led}
			}
		}
		if few(so.Of-both.Of, so.Led-both.Led) || few(whole.Of-both.Of, whole.Led-both.Led) {
			return true
		}
	}
	return false
}

// few reports whether some are told of and one part of them is too small.
func few(of, led int) bool { return of > 0 && (led < FewestOthers || of-led < FewestOthers) }

// leftBy reports whether a piece of work is what an option is about.
func leftBy(o framework.Option, t Took) bool {
	return slices.ContainsFunc(o.Yields, func(y framework.Evidence) bool {
		as := y.As
		if as == "" {
			as = string(activity.Led)
		}
		return y.Kind == t.Kind && as == string(t.As)
	})
}

// ledAfter reports whether somebody began to lead another project in the months after.
func ledAfter(t Took, list []stint) bool {
	until := date(t.On).AddDate(0, afterwards, 0).Format(time.DateOnly)
	return slices.ContainsFunc(list, func(s stint) bool { return s.project != t.Project && s.from > t.On && s.from <= until })
}

// Others says what happened to others who took an option, in words; not ok while there
// are too few of them to say anything.
func (o Options) Others(id string) (words string, ok bool) {
	x, ok := o.others[id]
	if !ok {
		return "", false
	}
	return fmt.Sprintf("Of %d people who did such work here as an opportunity, %d began to lead another project within %d months. That is what went together, not what led to what.", x.Of, x.Led, afterwards), true
}
