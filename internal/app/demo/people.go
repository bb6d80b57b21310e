package demo

import (
	"context"
	"strings"

	"cairn/internal/identity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/portfolio"
)

// The people whom a visitor can enter as.
const (
	Analyst       = "Ines Calloway"
	Head          = "Marit Osei"
	Manager       = "Tomasz Wielandt"
	Sponsor       = "Gwen Ashdown-Reyes"
	Administrator = "Rafe Adjei-Brandt"
)

// firstLeaver is the first of those who have gone; each ninth after them has too.
const firstLeaver = 50

// peopleCount is how many the company's projects name.
const peopleCount = 120

func address(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@demo.invalid"
}

// makePeople makes 120 people: the five doors, a PMO of nine with six seconded to it, project managers,
// sponsors, and the rest of the teams.
func (m *maker) makePeople(ctx context.Context) error {
	operator := authz.AtCommandLine()
	add := func(name, title, unit string, role authz.Role) error {
		p, err := m.People.AddPerson(ctx, operator, identity.Person{Name: name, Email: address(name), JobTitle: title, OrgUnit: unit})
		if err != nil {
			return err
		}
		m.people[name] = p.ID
		if role == "" {
			return nil
		}
		_, err = m.People.Invite(ctx, operator, p.ID, role)
		return err
	}
	for _, p := range []struct {
		name, title, unit string
		role              authz.Role
	}{
		{Head, "Head of PMO", "Project Management Office", authz.HeadOfPMO},
		{Analyst, "PMO analyst", "Project Management Office", authz.PMOMember},
		{Manager, "Project manager", "Networks", authz.Member},
		{Sponsor, "Director of networks", "Networks", authz.Member},
		{Administrator, "Systems administrator", "Information technology", authz.Administrator},
	} {
		if err := add(p.name, p.title, p.unit, p.role); err != nil {
			return err
		}
	}
	m.head, m.pmo = m.actor(Head, authz.HeadOfPMO), []string{Head, Analyst}
	m.managers, m.sponsors = []string{Manager}, []string{Sponsor}
	for i := len(m.people); i < peopleCount; i++ {
		name := firstNames[i%len(firstNames)] + " " + lastNames[(i*7+i/len(firstNames))%len(lastNames)]
		title, unit, role := m.post(i)
		role = m.secondTo(name, title, role, i >= firstLeaver && (i-firstLeaver)%9 == 0)
		if err := add(name, title, unit, role); err != nil {
			return err
		}
		switch title {
		case "PMO analyst", "PMO manager":
			m.pmo = append(m.pmo, name)
		case "Project manager":
			m.managers = append(m.managers, name)
		case "Head of department":
			m.sponsors = append(m.sponsors, name)
		}
	}
	return m.leavers(ctx)
}

// post gives the n-th person a post: seven more in the PMO, 24 project managers,
// 12 heads of department, and engineers.
func (m *maker) post(i int) (title, unit string, role authz.Role) {
	unit = programmes[i%len(programmes)].Unit
	switch {
	case i < 6:
		return "PMO manager", "Project Management Office", authz.PMOMember
	case i < 12:
		return "PMO analyst", "Project Management Office", authz.PMOMember
	case i < 36:
		return "Project manager", unit, authz.Member
	case i < 48:
		return "Head of department", unit, authz.Member
	}
	return pick(m, []string{"Engineer", "Business analyst", "Operations lead", "Cost controller", "Planner"}), unit, ""
}

// leavers marks a few people who have gone since.
func (m *maker) leavers(ctx context.Context) error {
	for i := firstLeaver; i < peopleCount; i += 9 {
		name := firstNames[i%len(firstNames)] + " " + lastNames[(i*7+i/len(firstNames))%len(lastNames)]
		p, err := m.People.Person(ctx, m.head, m.people[name])
		if err != nil {
			return err
		}
		p.LeftOn = clock.AddDays(m.day(m.Now), -30*m.chance.IntN(30)-5)
		if err := m.People.ChangePerson(ctx, m.head, p); err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) makeProgrammes(ctx context.Context) error {
	f, err := m.Portfolio.AddPortfolio(ctx, m.head, portfolio.Portfolio{Name: "Change portfolio", Code: "CP", Purpose: "All change that Tarn Valley Water pays for as projects."})
	if err != nil {
		return err
	}
	for _, g := range programmes {
		made, err := m.Portfolio.AddProgramme(ctx, m.head, portfolio.Programme{Portfolio: f.ID, Name: g.Name})
		if err != nil {
			return err
		}
		m.nodes = append(m.nodes, made.ID)
	}
	return nil
}

// enterTwice brings in one of the project managers a second time, as a file that
// has only the initial of the first name did, with work on projects of theirs.
func (m *maker) enterTwice(ctx context.Context) error {
	name := m.managers[len(m.managers)-1]
	first, last, _ := strings.Cut(name, " ")
	p, err := m.People.AddPerson(ctx, m.head, identity.Person{Name: first[:1] + ". " + last, JobTitle: "Project engineer"})
	if err != nil {
		return err
	}
	left := 2
	for _, of := range m.projects {
		if of.id == "" || left == 0 {
			continue
		}
		from := m.day(m.month(of.begins))
		if _, err := m.Portfolio.Assign(ctx, m.head, portfolio.Assignment{Project: of.id, Person: p.ID, Kind: portfolio.Team, From: from, To: clock.AddDays(from, 60)}); err != nil {
			return err
		}
		left--
	}
	return nil
}
