package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cairn/internal/career"
	papers "cairn/internal/career/paper"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
)

// did is work of the analyst that no part of Cairn recorded: done by hand, in the
// years before it or beside it. Months are counted back from today.
type did struct {
	kind                            string
	as                              activity.RoleInWork
	from, to                        int
	pieces, projects, people, hours int64
	tier                            string
	about                           []string
	words                           string
	by                              string // who confirmed it; nobody for one's own word
}

// besideTheRecord is three years of an analyst, as their framework expects them.
var besideTheRecord = []did{
	{kind: "control.assessed", from: 30, to: 2, pieces: 42, projects: 15, tier: "medium", words: "Assessed controls of fifteen projects with the old checklist, before the method was here", by: Head},
	{kind: "control.improved", from: 18, to: 1, pieces: 6, words: "Rewrote or retired six controls that project managers found heavy", by: Head},
	{kind: "assurance.reviewed", as: activity.Contributed, from: 20, to: 5, pieces: 3, projects: 3, tier: "medium", words: "Took part in three assurance reviews of treatment works", by: Head},
	{kind: "finding.closed", as: activity.Contributed, from: 18, to: 3, pieces: 6, projects: 4, tier: "medium", words: "Brought six findings to their re-test", by: Manager},
	{kind: "project.tailored", as: activity.Contributed, from: 14, to: 2, pieces: 5, projects: 5, tier: "light", words: "Fitted the governance of five small projects with their project managers", by: Manager},
	{kind: "method.authored", as: activity.Contributed, from: 10, to: 10, pieces: 1, words: "Wrote the controls part of the second version of the method", by: Head},
	{kind: "template.authored", from: 28, to: 3, pieces: 6, words: "Wrote six templates, the one-page mandate among them", by: Head},
	{kind: "practice.adopted", as: activity.Contributed, from: 20, to: 1, pieces: 14, projects: 9, tier: "medium", words: "Nine projects use a template or control of mine that they need not use", by: Head},
	{kind: "period.run", as: activity.Contributed, from: 32, to: 1, pieces: 30, words: "Chased, checked and assembled thirty monthly periods", by: Head},
	{kind: "report.challenged", from: 22, to: 1, pieces: 14, projects: 10, people: 8, tier: "medium", words: "Challenged fourteen green reports that were not green; each ended changed or upheld with a reason", by: Manager},
	{kind: "pack.produced", as: activity.Contributed, from: 30, to: 1, pieces: 12, words: "Put together twelve packs for three steering groups", by: Sponsor},
	{kind: "risk.reviewed", from: 24, to: 1, pieces: 7, projects: 5, tier: "medium", words: "Led seven risk reviews that changed a response or an owner", by: Manager},
	{kind: "issue.escalated", as: activity.Contributed, from: 16, to: 3, pieces: 3, projects: 3, tier: "medium", words: "Brought three issues to a decision of the steering group", by: Sponsor},
	{kind: "change.assessed", as: activity.Supported, from: 32, to: 10, pieces: 9, projects: 5, tier: "medium", words: "Collected the effects of nine change requests", by: Manager},
	{kind: "schedule.assessed", as: activity.Contributed, from: 26, to: 4, pieces: 6, projects: 5, tier: "medium", words: "Examined the schedules of five projects for logic and slip", by: Manager},
	{kind: "forecast.challenged", as: activity.Supported, from: 22, to: 3, pieces: 6, projects: 4, tier: "medium", words: "Helped to challenge six forecasts", by: Sponsor},
	{kind: "business_case.assessed", as: activity.Supported, from: 14, to: 6, pieces: 2, projects: 2, tier: "medium", words: "Helped to assess two business cases"},
	{kind: "data.reconciled", from: 30, to: 2, pieces: 9, words: "Reconciled the register with finance nine times, each difference explained", by: Sponsor},
	{kind: "measure.published", as: activity.Contributed, from: 12, to: 12, pieces: 1, words: "Defined how slip against baseline is measured"},
	{kind: "request.answered", from: 18, to: 1, pieces: 48, people: 19, words: "Answered forty-eight requests of nineteen project managers", by: Manager},
	{kind: "onboarding.given", from: 12, to: 3, pieces: 2, people: 2, words: "Brought two new project managers on board", by: Manager},
	{kind: "challenge.solved", as: activity.Contributed, from: 15, to: 4, pieces: 3, words: "Three complaints about the office closed by those who raised them", by: Manager},
	{kind: "improvement.delivered", as: activity.Contributed, from: 18, to: 6, pieces: 2, words: "Took part in two improvements of the office"},
	{
		kind: "session.given", from: 16, to: 1, pieces: 6, people: 30, hours: 12, about: []string{"governance_design", "control_assessment"},
		words: "Gave six sessions on the method to thirty people", by: Head,
	},
	{kind: "lesson.captured", from: 26, to: 3, pieces: 6, projects: 5, words: "Captured six lessons with the teams of five projects", by: Manager},
	{kind: "lesson.applied", as: activity.Contributed, from: 16, to: 4, pieces: 3, projects: 3, words: "Built three lessons into templates", by: Head},
	{kind: "event.attended", as: activity.Observed, from: 24, to: 1, pieces: 8, hours: 16, words: "Eight evenings of the regional PMO community"},
	{kind: "capacity.forecast", as: activity.Supported, from: 9, to: 9, pieces: 1, words: "Collected the figures for one capacity forecast"},
}

// keepLedger turns the analyst's career on and keeps what three years left: in the
// record, in their words, and in those of others. Some of it waits.
func (m *maker) keepLedger(ctx context.Context) error {
	who := m.actor(Analyst, authz.PMOMember)
	m.Clock.Set(m.Now.Add(-20 * 24 * time.Hour))
	if err := m.Career.TurnOn(ctx, who); err != nil {
		return err
	}
	if err := m.together(func(ctx context.Context) error { return m.enterAll(ctx, who) })(ctx); err != nil {
		return fmt.Errorf("the analyst's ledger: %w", err)
	}
	m.Clock.Set(m.Now.Add(-3 * 24 * time.Hour))
	if err := m.chooseSome(ctx, who); err != nil {
		return err
	}
	return m.draftPapers(ctx, who)
}

// draftPapers fills the analyst's application and matrix from what they kept, and
// words one entry.
func (m *maker) draftPapers(ctx context.Context, who authz.Actor) error {
	for _, kind := range []papers.Kind{papers.Application, papers.Matrix} {
		d, err := m.Career.DraftOf(ctx, who, kind)
		if err != nil {
			return err
		}
		var kept []string
		for _, p := range d.Pieces {
			if !p.Proposed {
				kept = append(kept, p.Source)
			}
		}
		if err := m.Career.TakeIn(ctx, who, kind, kept); err != nil {
			return fmt.Errorf("the analyst's %s: %w", kind, err)
		}
	}
	d, err := m.Career.DraftOf(ctx, who, papers.Application)
	at := slices.IndexFunc(d.Paper.Lines, func(l papers.Line) bool { return l.Facts.Kind == "improvement.delivered" })
	if err != nil || at < 0 {
		return err
	}
	l := d.Paper.Lines[at]
	l.Values["objective"] = "To spend less of everybody's time on control, and to miss nothing that matters."
	l.Values["outcome"] = "Fewer controls, each with a reason that its project manager can give."
	l.Values["methodology"], l.Values["organisation"] = "hybrid", "Tarn Valley Water"
	_, err = m.Career.PutLine(ctx, who, papers.Application, l)
	return err
}

func (m *maker) enterAll(ctx context.Context, who authz.Actor) error {
	ago := func(n int) string { return m.day(m.Now.AddDate(0, -n, -1)) }
	for _, d := range besideTheRecord {
		e := career.Entry{
			Kind: d.kind, Role: d.as, Words: d.words, From: ago(d.from), To: ago(d.to), Tier: d.tier, Outside: true, Pieces: d.pieces, Projects: d.projects, People: d.people, Hours: d.hours,
			About: d.about, Finished: true,
		}
		if e.Role == "" {
			e.Role = activity.Led
		}
		id, err := m.Career.Enter(ctx, who, e)
		if err != nil {
			return fmt.Errorf("%s: %w", d.kind, err)
		}
		if d.by == "" {
			continue
		}
		if err := m.confirm(ctx, who, career.Asking{AboutKind: career.AboutEntry, AboutID: id, Colleague: m.people[d.by]}, d.by, career.Answer{Says: career.SayConfirm}); err != nil {
			return fmt.Errorf("%s: %w", d.kind, err)
		}
	}
	return nil
}

// confirm asks somebody and lets them answer.
func (m *maker) confirm(ctx context.Context, who authz.Actor, q career.Asking, by string, n career.Answer) error {
	id, _, err := m.Career.Ask(ctx, who, q)
	if err != nil || n.Says == "" {
		return err
	}
	return m.Career.Answer(ctx, m.actor(by, authz.Member), id, n)
}

// chooseSome keeps, words, hides and drops some of what the record proposes; one waits
// for the sponsor, one for the analyst, and one the project manager declined.
func (m *maker) chooseSome(ctx context.Context, who authz.Actor) error {
	l, err := m.Career.Ledger(ctx, who)
	if err != nil {
		return err
	}
	for i := range l.Groups {
		g := &l.Groups[i]
		c := career.Claim{State: career.Accepted}
		switch i % 9 {
		case 0:
			if g.Kind == "gate.facilitated" {
				c.Words = g.Says(l.By) + ": criteria frozen before, conditions followed to their end"
			}
		case 1:
			c.Hides = []string{career.HideClient, career.HideMoney}
		case 7:
			if g.Months > 2 || g.Kind != "report.submitted" {
				continue
			}
			c.State = career.Dropped
		default:
			continue
		}
		if err := m.Career.Claim(ctx, who, g.ID, 0, c); err != nil {
			return err
		}
	}
	return m.waitForSome(ctx, who, &l)
}

func (m *maker) waitForSome(ctx context.Context, who authz.Actor, l *career.Ledger) error {
	for _, w := range []struct {
		kind string
		by   string
		n    career.Answer
	}{
		{"body.served", Sponsor, career.Answer{}},
		{"gate.facilitated", Head, career.Answer{Says: career.SayAmend, Wording: "Prepared and facilitated gate reviews alone, from the frozen criteria to the signed decision, under my eye for the first two"}},
		{"project.supported", Manager, career.Answer{Says: career.SayDecline, Reason: "I was not on that project by then. Ask whoever managed it before me."}},
	} {
		for i := range l.Groups {
			if g := &l.Groups[i]; g.Kind == w.kind {
				if err := m.confirm(ctx, who, career.Asking{AboutKind: career.AboutGroup, AboutID: g.ID, Colleague: m.people[w.by]}, w.by, w.n); err != nil {
					return fmt.Errorf("ask about %s: %w", w.kind, err)
				}
				break
			}
		}
	}
	return nil
}
