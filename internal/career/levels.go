package career

import (
	"context"
	"slices"

	"cairn/internal/career/framework"
	"cairn/internal/career/standing"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// kindsOf are the kinds of experience that the rules of a competency count.
func kindsOf(c framework.Competency) map[string]bool {
	kinds := map[string]bool{}
	var walk func(x *framework.Expr)
	walk = func(x *framework.Expr) {
		for _, k := range x.Kinds {
			kinds[k] = true
		}
		for i := range x.AllOf {
			walk(&x.AllOf[i])
		}
		for i := range x.AnyOf {
			walk(&x.AnyOf[i])
		}
		if x.Experience != nil {
			walk(x.Experience)
		}
	}
	for i := range c.Application {
		walk(&c.Application[i].Rule)
	}
	return kinds
}

// BehindLevel counts the items that a competency's rules look at.
func BehindLevel(st Standing, c framework.Competency) (n int) {
	kinds := kindsOf(c)
	for i := range st.Items {
		if kinds[st.Items[i].Kind] || slices.Contains(st.Items[i].About, c.ID) {
			n++
		}
	}
	return n
}

// LevelOpened is a competency with the evidence under it.
type LevelOpened struct {
	standing.Level
	By    *framework.Framework
	Asks  []LevelAsks // the levels, lowest first
	Items []Item      // newest first
	At    string
}

// LevelAsks is a level with what it asks for and how much of it is there.
type LevelAsks struct {
	framework.Level
	Met  bool
	Asks []standing.Requirement
}

// Competency opens one competency down to the records.
func (s *Service) Competency(ctx context.Context, who authz.Actor, id string, w When) (o LevelOpened, err error) {
	st, err := s.standing(ctx, who, w, listItems)
	if err != nil {
		return o, err
	}
	if !st.On {
		return o, errOff
	}
	i := slices.IndexFunc(st.Levels, func(l standing.Level) bool { return l.Competency.ID == id })
	if i < 0 {
		return o, errs.Missing("competency")
	}
	o = LevelOpened{Level: st.Levels[i], By: st.By, At: st.At}
	kinds := kindsOf(o.Level.Competency)
	for n := len(st.Items) - 1; n >= 0; n-- {
		if it := st.Items[n]; kinds[it.Kind] || slices.Contains(it.About, id) {
			o.Items = append(o.Items, it)
		}
	}
	for _, asked := range standing.Asks(st.By, inputs(st.By, st.Items, st.At), date(st.At), o.Level.Competency) {
		l := asked
		o.Asks = append(o.Asks, LevelAsks{l.Level, l.Met, l.Asks})
	}
	return o, nil
}
