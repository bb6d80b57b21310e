// Package demo makes the demonstration organisation: an invented regional water
// company with six programmes, three years of work and a PMO of nine. It goes
// through the services like everybody else, on a clock that walks to today, and
// makes the same world from the same seed and day.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"cairn/internal/bodies"
	"cairn/internal/career"
	"cairn/internal/cpd"
	"cairn/internal/development"
	"cairn/internal/document"
	"cairn/internal/exchange"
	"cairn/internal/governance"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/mentoring"
	"cairn/internal/opportunity"
	"cairn/internal/opposites"
	"cairn/internal/portfolio"
	"cairn/internal/raid"
	"cairn/internal/reporting"
	"cairn/internal/transfer"
)

// Seed makes the same world each time.
const Seed = 20260301

// months is how far back the demonstration reaches.
const months = 36

// World is what the demonstration is made with.
type World struct {
	Clock         *clock.Manual
	Now           time.Time
	Zone          *time.Location
	People        *identity.Service
	Portfolio     *portfolio.Service
	Reporting     *reporting.Service
	Exchange      *exchange.Service
	Governance    *governance.Service
	Documents     *document.Service
	Raid          *raid.Service
	Bodies        *bodies.Service
	Opposites     *opposites.Service
	CPD           *cpd.Service
	Opportunities *opportunity.Service
	Development   *development.Service
	Mentoring     *mentoring.Service
	Career        *career.Service
	Transfer      *transfer.Service
	Projects      int // 0 is the usual 210
	Say           func(string)
	// Together runs many changes in one transaction (work.Unit.Batch); they leave
	// what they leave one by one.
	Together func(context.Context, func(context.Context) error) error
}

// maker is a demonstration under way.
type maker struct {
	World
	chance   *rand.Rand
	head     authz.Actor
	people   map[string]string // id by name
	pmo      []string          // names, the head first
	seconded []string          // names of who works in the PMO for some days a week
	managers []string
	sponsors []string
	nodes    []string // programme ids, as in programmes
	projects []*project
	reports  int // submitted so far
	fields   ownFields
	lines    map[string]int // of a control: which of the things that it accepts a person can say
	second   string         // id of the second version of the method
	governing
}

// Make makes the demonstration.
func Make(ctx context.Context, w World) error {
	ctx = portfolio.Through(ctx, portfolio.ByForm)
	m := &maker{World: w, chance: rand.New(rand.NewPCG(Seed, 7)), people: map[string]string{}}
	m.Clock.Set(m.month(0))
	for _, step := range []func(context.Context) error{
		m.together(m.makePeople),
		m.together(m.makeProgrammes),
		m.together(m.defineFields),
		m.walk,
		m.together(m.enterTwice),
		m.together(m.judge),
		m.together(m.gatesNow),
		m.pastGates,
		m.together(m.offerWork),
		m.together(m.mentor),
		m.together(m.planSteps),
		m.together(m.publishCase),
		m.together(m.lookAtPairs),
		m.together(m.keepLog),
		m.together(m.writeDocuments),
		m.keepFiles,
		m.keepLedger,
		m.countTeam,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	m.Clock.Set(w.Now)
	return nil
}

// month is the second day, nine in the morning, of the n-th month; the month
// under way is months.
func (m *maker) month(n int) time.Time {
	now := m.Now.In(m.Zone)
	return time.Date(now.Year(), now.Month()-time.Month(months-n), 2, 9, 0, 0, 0, m.Zone)
}

func (m *maker) day(t time.Time) clock.Day { return clock.DayOf(t, m.Zone) }

func pick[T any](m *maker, list []T) T { return list[m.chance.IntN(len(list))] }

// together makes a step's changes in one transaction.
func (m *maker) together(step func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error { return m.Together(ctx, step) }
}

// walk lives through the months, one after the other.
func (m *maker) walk(ctx context.Context) error {
	m.plan()
	for n := 0; n <= months; n++ {
		at := m.month(n)
		if at.After(m.Now) {
			break
		}
		m.Clock.Set(at)
		if n == months-governedMonths {
			if err := m.Together(ctx, m.readMethod); err != nil {
				return err
			}
		}
		for some := range slices.Chunk(m.projects, atOnce) {
			if err := m.Together(ctx, func(ctx context.Context) error { return m.liveAll(ctx, some, n) }); err != nil {
				return err
			}
		}
		if err := m.Together(ctx, func(ctx context.Context) error { return m.govern(ctx, n) }); err != nil {
			return err
		}
		if err := m.improve(ctx, n); err != nil {
			return fmt.Errorf("the method: %w", err)
		}
		if err := m.criteria(ctx, n); err != nil {
			return fmt.Errorf("the framework: %w", err)
		}
		if n%6 == 0 || len(m.projects) > manyProjects {
			m.Say(fmt.Sprintf("%s: %d of %d projects begun, %d reports", at.Format("January 2006"), m.begun(n), len(m.projects), m.reports))
		}
	}
	return nil
}

// atOnce is how many projects live through a month in one transaction.
const atOnce = 2000

func (m *maker) liveAll(ctx context.Context, projects []*project, n int) error {
	for _, p := range projects {
		if err := m.report(ctx, p, n); err != nil {
			return fmt.Errorf("report on %s: %w", p.name, err)
		}
		if err := m.live(ctx, p, n); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		if err := m.askOf(ctx, p, n); err != nil {
			return fmt.Errorf("govern %s: %w", p.name, err)
		}
	}
	return nil
}

func (m *maker) begun(n int) (count int) {
	for _, p := range m.projects {
		if p.begins <= n {
			count++
		}
	}
	return count
}

// actor is a person as they act.
func (m *maker) actor(name string, role authz.Role) authz.Actor {
	return authz.Actor{Person: m.people[name], Role: role}
}
