// Package demo makes the demonstration organisation: an invented regional water
// company with six programmes, three years of work and a PMO of nine. It goes
// through the services like everybody else, on a clock that walks to today, and
// makes the same world from the same seed and day.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"cairn/internal/exchange"
	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/portfolio"
	"cairn/internal/reporting"
)

// Seed makes the same world each time.
const Seed = 20260301

// months is how far back the demonstration reaches.
const months = 36

// World is what the demonstration is made with.
type World struct {
	Clock     *clock.Manual
	Now       time.Time
	Zone      *time.Location
	People    *identity.Service
	Portfolio *portfolio.Service
	Reporting *reporting.Service
	Exchange  *exchange.Service
	Projects  int // 0 is the usual 210
	Say       func(string)
}

// maker is a demonstration under way.
type maker struct {
	World
	chance   *rand.Rand
	head     authz.Actor
	people   map[string]string // id by name
	pmo      []string          // names, the head first
	managers []string
	sponsors []string
	nodes    []string // programme ids, as in programmes
	projects []*project
}

// Make makes the demonstration.
func Make(ctx context.Context, w World) error {
	m := &maker{World: w, chance: rand.New(rand.NewPCG(Seed, 7)), people: map[string]string{}}
	m.Clock.Set(m.month(0))
	for _, step := range []func(context.Context) error{m.makePeople, m.makeProgrammes, m.walk, m.publishCase} {
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

// walk lives through the months, one after the other.
func (m *maker) walk(ctx context.Context) error {
	m.plan()
	for n := 0; n <= months; n++ {
		at := m.month(n)
		if at.After(m.Now) {
			break
		}
		m.Clock.Set(at)
		for _, p := range m.projects {
			if err := m.report(ctx, p, n); err != nil {
				return fmt.Errorf("report on %s: %w", p.name, err)
			}
			if err := m.live(ctx, p, n); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		if n%6 == 0 {
			m.Say(fmt.Sprintf("%s: %d projects so far", at.Format("January 2006"), m.begun(n)))
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
