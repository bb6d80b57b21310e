// Package planner finds the cheapest plan to a role, and the plan that opens most
// roles, exactly and on a fixed definition. It is pure: it knows counts, hours and
// weeks, and nothing of careers.
//
// An option may be taken up to its stated maximum. Each time, it adds fixed counts
// to measures, and it may cover calendar periods, each of which counts once. A
// requirement is a threshold on a measure; levels and roles are and/or trees of
// thresholds. What has to come before an option is such a tree as well.
//
// A plan says how often each option is taken. Options run side by side; one begins
// at the first moment at which what comes before it is met by what was there and by
// what has ended; the same option again begins when it has ended. With H hours a
// week, an option lasts the longer of its own weeks and its hours divided by H,
// rounded up. The weeks of a plan are the longer of its last end and of all its
// hours divided by H, rounded up.
//
// Of two plans to a role the better one has fewer hours, then fewer weeks, then
// fewer steps, then the ids that come first. Towards most roles the one that opens
// more comes first, then the same order. A further plan shares at most half its
// hours with each earlier one, and takes at most twice the hours of the first; to one
// role a single step may take more. No plan has a step that could be left out with the
// rest still doing the same within the limits.
package planner

import (
	"context"
	"errors"
	"math/bits"
)

// Kind is what a node of a tree asks for.
type Kind uint8

// The kinds of node. All of nothing is met, any of nothing never is.
const (
	Threshold Kind = iota
	All
	Any
)

// Node is a threshold on a measure, or joins nodes that stand before it.
type Node struct {
	Kind    Kind
	Kids    []int
	Measure int
	Least   int
}

// Add is what an option adds to a measure each time, and which periods it covers:
// a period that is covered twice counts once.
type Add struct {
	Measure, Count int
	Periods        uint64
}

// Option is something to do. Hours, weeks and maximum are at least one.
type Option struct {
	ID                string
	Hours, Weeks, Max int
	Adds              []Add
	After             int // the node that has to be met before it begins; -1 for none
}

// Role is a conjunction of nodes.
type Role struct {
	ID    string
	Needs []int
}

// Instance is a question's fixed part: what is there, what can be done, what roles
// ask for. Options are in the order of their ids.
type Instance struct {
	Base    []int // of each measure
	Nodes   []Node
	Options []Option
	Roles   []Role
}

// Limits of a plan; zero is no limit.
type Limits struct {
	Hours     int    // in all
	HoursWeek int    // a week
	Weeks     int    // from beginning to end
	Out       []bool // options that are left out, by their place
	Nodes     int    // how many states to look at before giving the best so far
}

// Step is one taking of an option. Needed are the needs (places in the role's list)
// of the target that fail without it; Before are the options that cannot begin then.
type Step struct {
	Option, From, To int // weeks from the beginning
	Needed           []int
	Before           []int
	Opens            []int // roles that fail to open without it
}

// Plan is steps in the order in which they begin.
type Plan struct {
	Steps        []Step
	Hours, Weeks int
	Opens        []int // roles that were closed and are open after it, by their place
}

// Answer is what was found.
type Answer struct {
	Plans []Plan
	// Proven says that each plan is best, and that there are no more of them. If not,
	// the first plan to a role cannot have fewer hours than Bound, and no plan opens
	// more roles than AtMost.
	Proven        bool
	Bound, AtMost int
	Looked        int // states
}

// most is how many options can matter to one question.
const most = 64

// furthest is how many times the hours of the first plan a further one may take:
// beyond that it is no alternative, and looking for it would take long.
const furthest = 2

// DefaultNodes is the limit of states when none is given.
const DefaultNodes = 30_000

// Errors of a question that cannot be asked.
var (
	ErrTooMany = errors.New("planner: more options than one question can weigh")
	ErrBroken  = errors.New("planner: the instance is not well formed")
)

// Cheapest finds up to so many plans to a role.
func Cheapest(ctx context.Context, in *Instance, role int, l Limits, plans int) (Answer, error) {
	return solve(ctx, in, []int{role}, false, l, plans)
}

// Most finds up to so many plans that open most of the roles.
func Most(ctx context.Context, in *Instance, roles []int, l Limits, plans int) (Answer, error) {
	return solve(ctx, in, roles, true, l, plans)
}

func solve(ctx context.Context, in *Instance, roles []int, many bool, l Limits, plans int) (Answer, error) {
	if err := in.check(); err != nil {
		return Answer{}, err
	}
	a := Answer{Proven: true}
	s, err := newSearch(ctx, in, roles, many, l)
	if err != nil {
		return a, err
	}
	if len(s.goals) == 0 { // every role asked for is open already
		return a, nil
	}
	hours := s.lim.Hours
	for n := range plans {
		if n > 0 {
			s.lim.Hours = min(hours, furthest*a.Plans[0].Hours)
		}
		s.begin()
		s.visit(0)
		if n > 0 && !many && !s.best.found && !s.stopped {
			s.alone(hours)
		}
		a.Looked += s.looked
		if n == 0 {
			a.Bound, a.AtMost = s.proven()
		}
		a.Proven = a.Proven && !s.stopped
		if !s.best.found {
			break
		}
		a.Plans = append(a.Plans, s.plan(s.best.times))
		s.earlier = append(s.earlier, append([]int(nil), s.best.times...))
	}
	return a, nil
}

// check refuses what would make the search wrong.
func (in *Instance) check() error {
	for i, n := range in.Nodes {
		if n.Kind == Threshold && (n.Measure < 0 || n.Measure >= len(in.Base)) {
			return ErrBroken
		}
		for _, k := range n.Kids {
			if k < 0 || k >= i {
				return ErrBroken
			}
		}
	}
	for i, o := range in.Options {
		if o.Hours < 1 || o.Weeks < 1 || o.Max < 1 || o.After >= len(in.Nodes) || i > 0 && in.Options[i-1].ID >= o.ID {
			return ErrBroken
		}
		for _, a := range o.Adds {
			if a.Measure < 0 || a.Measure >= len(in.Base) || a.Count < 0 {
				return ErrBroken
			}
		}
	}
	return nil
}

// Open reports whether what is there meets a node.
func (in *Instance) Open(node int) bool {
	s := newState(in)
	return s.met(node)
}

// state is the counts at a moment.
type state struct {
	in      *Instance
	sum     []int
	covered []uint64
}

func newState(in *Instance) state {
	s := state{in: in, sum: make([]int, len(in.Base)), covered: make([]uint64, len(in.Base))}
	s.reset()
	return s
}

func (s *state) reset() {
	copy(s.sum, s.in.Base)
	clear(s.covered)
}

func (s *state) add(option int) {
	for _, a := range s.in.Options[option].Adds {
		s.sum[a.Measure] += a.Count
		s.covered[a.Measure] |= a.Periods
	}
}

func (s *state) value(measure int) int { return s.sum[measure] + bits.OnesCount64(s.covered[measure]) }

func (s *state) met(node int) bool {
	n := &s.in.Nodes[node]
	switch n.Kind {
	case All:
		for _, k := range n.Kids {
			if !s.met(k) {
				return false
			}
		}
		return true
	case Any:
		for _, k := range n.Kids {
			if s.met(k) {
				return true
			}
		}
		return false
	default:
		return s.value(n.Measure) >= n.Least
	}
}

func (s *state) opens(role int) bool {
	for _, n := range s.in.Roles[role].Needs {
		if !s.met(n) {
			return false
		}
	}
	return true
}
