package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"cairn/internal/bodies"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/raid"
)

// governedSince is the month in which governing begins: two years before now.
const governedSince = months - 24

// governing is what the demonstration remembers of bodies, meetings and actions.
// It has a chance of its own, so that the projects stay what they are without it.
type governing struct {
	chance *rand.Rand
	groups []*group
}

// group is the steering group of a programme.
type group struct {
	id, name         string
	programme        int
	chair, secretary string
	members          []string
	absent, standsIn string // who now and then lets somebody deputise, and who does it
}

// govern lets the bodies and some projects meet in a month, and people do what
// they said in the months before.
func (m *maker) govern(ctx context.Context, n int) error {
	if n < governedSince {
		return nil
	}
	if n == governedSince {
		m.governing.chance = rand.New(rand.NewPCG(Seed, 21))
		if err := m.foundGroups(ctx); err != nil {
			return err
		}
	}
	if err := m.finish(ctx); err != nil {
		return err
	}
	for i, g := range m.groups {
		if (n+i)%2 == 0 { // every eight weeks, more or less
			if err := m.steer(ctx, g, n, 9+i); err != nil {
				return err
			}
		}
	}
	for i, p := range m.projects {
		if n > p.begins && n < p.ends && (p.manager == Manager || i < 300 && i%30 == 7) && (n+i)%2 == 0 {
			if err := m.meetOn(ctx, p, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) foundGroups(ctx context.Context) error {
	for i, g := range []*group{
		{name: programmes[0].Name + " steering group", chair: Sponsor, secretary: Analyst, members: m.sponsors[1:4], absent: Head, standsIn: m.pmo[2]},
		{name: programmes[1].Name + " steering group", programme: 1, chair: m.sponsors[1], secretary: m.pmo[3], members: m.sponsors[4:7], absent: Head, standsIn: m.pmo[4]},
	} {
		b, err := m.Bodies.Found(ctx, m.head, bodies.Body{Name: g.name, Kind: bodies.SteeringGroup, Node: m.nodes[g.programme], Quorum: bodies.Quorum{Count: 3, Share: 50}},
			bodies.Terms{Words: terms, ApprovedOn: m.day(m.Clock.Now())})
		if err != nil {
			return err
		}
		g.id = b.ID
		seats := []bodies.Seat{
			{Person: m.people[g.chair], Kind: bodies.Chair, Side: bodies.Business},
			{Person: m.people[g.absent], Kind: bodies.Member},
			{Person: m.people[g.secretary], Kind: bodies.Secretariat},
		}
		for j, name := range g.members {
			s := bodies.Seat{Person: m.people[name], Kind: bodies.Member, Side: []bodies.Side{bodies.Receiver, bodies.Supplier, bodies.Receiver}[j]}
			if j == 0 {
				s.Kind = bodies.DeputyChair
			}
			seats = append(seats, s)
		}
		for _, s := range seats {
			s.Body = b.ID
			made, err := m.Bodies.GiveSeat(ctx, m.head, s)
			if err != nil {
				return err
			}
			if s.Person != m.people[g.absent] || i == 1 {
				continue
			}
			if _, err := m.Bodies.NameDeputy(ctx, m.head, b.ID, bodies.Deputy{Seat: made.ID, Person: m.people[g.standsIn], Authority: authority}); err != nil {
				return err
			}
		}
		m.groups = append(m.groups, g)
	}
	return nil
}

// at is an hour of a day of the n-th month, or of the Monday after.
func (m *maker) at(n, day, hour int) time.Time {
	first := m.month(n)
	t := time.Date(first.Year(), first.Month(), day, hour, 0, 0, 0, m.Zone)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// steer lets a steering group meet: called by its secretariat, with a deputy now
// and then, decisions and actions, and minutes that the chair confirms.
func (m *maker) steer(ctx context.Context, g *group, n, day int) error {
	secretary, on := m.actor(g.secretary, authz.PMOMember), m.at(n, day, 10)
	meeting, err := m.Bodies.Call(ctx, secretary, bodies.Meeting{Body: g.id, On: m.day(on), Starts: "10:00", Subject: g.name})
	if err != nil {
		return err
	}
	instead := n%4 < 2
	if instead && g.programme == 1 {
		o, err := m.Bodies.OfferSeat(ctx, m.head, meeting.ID, bodies.Offer{Deputy: m.people[g.standsIn], Authority: authority})
		if err != nil {
			return err
		}
		if on.After(m.Now) {
			return nil
		}
		if err := m.Bodies.AnswerOffer(ctx, m.actor(g.standsIn, authz.PMOMember), meeting.ID, o.ID, true); err != nil {
			return err
		}
	}
	if on.After(m.Now) {
		return nil
	}
	m.Clock.Set(on.Add(90 * time.Minute))
	there := []bodies.Presence{{Person: m.people[g.chair]}, {Person: m.people[g.secretary]}}
	if instead {
		there = append(there, bodies.Presence{Person: m.people[g.standsIn], For: m.people[g.absent]})
	} else {
		there = append(there, bodies.Presence{Person: m.people[g.absent]})
	}
	for _, name := range g.members {
		if m.governing.chance.IntN(5) > 0 {
			there = append(there, bodies.Presence{Person: m.people[name]})
		}
	}
	if err := m.Bodies.Hold(ctx, secretary, meeting.ID, 0, there); err != nil {
		return err
	}
	if err := m.steered(ctx, g, meeting.ID, n); err != nil {
		return err
	}
	return m.minuted(ctx, g, meeting.ID, n, instead)
}

// steered notes what a steering group decided and asked for: about a live
// project of its programme each.
func (m *maker) steered(ctx context.Context, g *group, meeting string, n int) error {
	secretary, p := m.actor(g.secretary, authz.PMOMember), m.someProject(g.programme, n)
	if p == nil {
		return nil
	}
	said := steeringDecisions[n%len(steeringDecisions)]
	due := clock.AddDays(m.day(m.Clock.Now()), 35)
	d := bodies.Decision{Title: said[0], Words: said[1], Owner: m.people[p.manager], Due: due, Project: p.id}
	if n%5 == 0 {
		d.Dissent = "One member would have waited for the next forecast."
	}
	if err := m.Bodies.Decide(ctx, secretary, meeting, d); err != nil {
		return err
	}
	if err := m.Bodies.RaiseAction(ctx, secretary, meeting, bodies.ActionAsked{Title: asked[n%len(asked)], Owner: m.people[p.manager], Due: clock.AddDays(due, -14), Project: p.id}); err != nil {
		return err
	}
	return m.Bodies.RaiseAction(ctx, secretary, meeting, bodies.ActionAsked{Title: asked[(n+3)%len(asked)], Owner: m.people[g.members[n%len(g.members)]], Due: clock.AddDays(due, -7)})
}

// someProject picks a live project of a programme that is not confidential.
func (m *maker) someProject(programme, n int) *project {
	var live []*project
	for _, p := range m.projects {
		if p.programme == programme && n > p.begins && n < p.ends {
			live = append(live, p)
		}
	}
	if len(live) == 0 {
		return nil
	}
	return live[m.governing.chance.IntN(len(live))]
}

// minuted writes the minutes of a meeting; the newest wait for the chair, and
// the newest deputising for its confirmation.
func (m *maker) minuted(ctx context.Context, g *group, meeting string, n int, instead bool) error {
	if err := m.Bodies.WriteMinutes(ctx, m.actor(g.secretary, authz.PMOMember), meeting, 0, minutesOf[n%len(minutesOf)]); err != nil {
		return err
	}
	if n >= months-1 {
		return nil
	}
	m.Clock.Set(m.Clock.Now().Add(26 * time.Hour))
	if instead {
		if err := m.Bodies.ConfirmDeputising(ctx, m.head, meeting, m.people[g.standsIn]); err != nil {
			return err
		}
	}
	return m.Bodies.Confirm(ctx, m.actor(g.chair, authz.Member), meeting, 0)
}

// meetOn lets a project meet; its deputy leads now and then.
func (m *maker) meetOn(ctx context.Context, p *project, n int) error {
	manager, on := m.actor(p.manager, authz.Member), m.at(n, 4+p.number%12, 14)
	meeting, err := m.Bodies.Call(ctx, manager, bodies.Meeting{Project: p.id, Kind: bodies.ProjectMeeting, On: m.day(on), Starts: "14:00", Subject: "Project meeting"})
	if err != nil || on.After(m.Now) {
		return err
	}
	if now := on.Add(time.Hour); now.After(m.Clock.Now()) {
		m.Clock.Set(now)
	}
	there := []bodies.Presence{{Person: m.people[p.manager]}, {Person: m.people[p.partner]}}
	if n%3 == 0 {
		there = append(there, bodies.Presence{Person: m.people[p.sponsor]})
	}
	if err := m.Bodies.Hold(ctx, manager, meeting.ID, 0, there); err != nil {
		return err
	}
	for i := range 1 + m.governing.chance.IntN(2) {
		a := bodies.ActionAsked{Title: tasks[(n+p.number+i*3)%len(tasks)], Owner: m.people[pickOf(m.governing.chance, []string{p.manager, p.partner})], Due: clock.AddDays(m.day(on), 14+7*i)}
		if err := m.Bodies.RaiseAction(ctx, manager, meeting.ID, a); err != nil {
			return err
		}
	}
	if n%4 == 1 {
		if err := m.Bodies.Decide(ctx, manager, meeting.ID, bodies.Decision{Title: projectDecisions[(n+p.number)%len(projectDecisions)], Words: "Agreed by those who were there."}); err != nil {
			return err
		}
	}
	if err := m.Bodies.WriteMinutes(ctx, manager, meeting.ID, 0, minutesOf[(n+p.number)%len(minutesOf)]); err != nil || n >= months-1 {
		return err
	}
	return m.Bodies.Confirm(ctx, manager, meeting.ID, 0)
}

func pickOf(chance *rand.Rand, list []string) string { return list[chance.IntN(len(list))] }

// finish lets people do what is due: most in time, some with another date, and a
// few leave it lying.
func (m *maker) finish(ctx context.Context) error {
	today := m.day(m.Clock.Now())
	for after := (raid.Filter{Limit: 200}); ; {
		page, err := m.Raid.List(ctx, m.head, after)
		if err != nil {
			return err
		}
		for _, a := range page.Actions {
			if a.Due > clock.AddDays(today, 10) {
				continue
			}
			if err := m.finishAction(ctx, a, today); err != nil {
				return err
			}
		}
		if after.AfterKey, after.AfterID = page.NextKey, page.NextID; page.NextID == "" {
			break
		}
	}
	page, err := m.Bodies.Decisions(ctx, m.head, bodies.DecisionFilter{Undone: true, Limit: 200})
	if err != nil {
		return err
	}
	for _, d := range page.Decisions {
		if d.Due <= today && m.governing.chance.IntN(5) > 0 {
			if err := m.Bodies.CarryOut(ctx, m.head, d.ID, 0, proofs[m.governing.chance.IntN(len(proofs))]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) finishAction(ctx context.Context, a raid.Action, today clock.Day) error {
	owner := authz.Actor{Person: a.Owner, Role: authz.Member}
	switch r := m.governing.chance.IntN(20); {
	case r < 13:
		return m.Raid.Done(ctx, owner, a.ID, 0, proofs[m.governing.chance.IntN(len(proofs))])
	case r < 16:
		return m.Raid.Change(ctx, m.head, a.ID, 0, raid.Edit{Title: a.Title, Detail: a.Detail, Due: clock.AddDays(today, 28), Why: delays[m.governing.chance.IntN(len(delays))]})
	case r < 17:
		return m.Raid.Drop(ctx, m.head, a.ID, 0, "The last change made it needless.")
	}
	return nil
}
