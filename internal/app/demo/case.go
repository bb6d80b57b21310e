package demo

import (
	"context"
	"time"

	"cairn/internal/exchange"
	"cairn/internal/kit/authz"
)

// CaseAnswer is an answer to the case.
type CaseAnswer struct {
	Label exchange.Label
	Text  string
}

// Case is the case that Cairn answers, in its own words.
type Case struct {
	Title               string
	Background, Missing string
	Questions           []string
	Answers             []CaseAnswer
}

// TheCase stands on the front page and, with its answers, under Cases.
var TheCase = Case{
	Title:      "Three years in the PMO, and what next?",
	Background: "I came to the PMO three years ago to support IT projects: meetings, reports, templates, then controls and governance. Now we are a centre of excellence, with tools, training and guidance. I see quickly which control is missing, and I can build a process that people follow.",
	Missing:    "I have never run a project myself. Project managers tell us that we do not know their day, and that our governance does not fit it.",
	Questions: []string{
		"Do I have to become a project manager first?",
		"Is there a way that starts from what I already do?",
		"What should I do next?",
	},
	Answers: []CaseAnswer{
		{"own_experience", "I ran one small project, with our own templates. I threw two of them away afterwards, and nobody has told me since that I do not know the day-to-day."},
		{"advice", "Treat the PMO's improvements as projects: a scope, a date, a sponsor, the reports that you ask of others. That is project management, and it is already on your desk."},
		{"guidance", "Offer to stand in for a project manager at one steering group. Ask for the brief, the limits of what you may decide, and ten minutes afterwards."},
		{"opinion", "You see more projects in a year than a project manager sees in ten. It is not a must to have managed one; it does add roles to the ones you qualify for."},
	},
}

// publishCase lets an analyst of the PMO bring the case, and others answer it.
func (m *maker) publishCase(ctx context.Context) error {
	m.Clock.Set(m.month(months - 2))
	author := m.actor(m.pmo[len(m.pmo)-1], authz.PMOMember)
	c, err := m.Exchange.Write(ctx, author, exchange.Body{
		Title: TheCase.Title, Background: TheCase.Background, Doing: "Controls, gates, templates, training; I am the first call for several project managers.",
		Missing: TheCase.Missing, Questions: TheCase.Questions,
	}, "", "", true)
	if err != nil {
		return err
	}
	people := []authz.Actor{m.actor(m.managers[1], authz.Member), m.head, m.actor(m.pmo[3], authz.PMOMember), m.actor(Sponsor, authz.Member)}
	for i, a := range TheCase.Answers {
		m.Clock.Advance(26 * time.Hour)
		made, err := m.Exchange.Answer(ctx, people[i%len(people)], exchange.Answer{Case: c.ID, Question: 1 + i%len(TheCase.Questions), Label: a.Label, Text: a.Text, Named: i%2 == 0})
		if err != nil {
			return err
		}
		if err := m.Exchange.Mark(ctx, author, made.ID); err != nil {
			return err
		}
	}
	if err := m.Exchange.Open(ctx, author, c.ID, 0, true); err != nil {
		return err
	}
	return m.Exchange.Summarise(ctx, m.head, c.ID, 0,
		"Two of our improvements for next quarter can run as projects. I would rather see an analyst lead one than write another guide.",
		"Nobody said that a project is a must; everybody said that having answered for something whole changes how one is heard. The shortest ways: an improvement run as a project, or standing in for a project manager.")
}
