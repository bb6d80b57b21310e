package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"cairn/internal/kit/clock"
	"cairn/internal/portfolio"
)

// The usual size: 60 projects are live and 150 are closed.
const usualLive, usualClosed = 60, 150

// project is a project of the demonstration: when it begins and ends, and how
// it goes in truth, which its reports do not always say.
type project struct {
	id, name      string
	number        int // of its code
	programme     int
	begins, ends  int // months
	budget        int64
	slip, overrun int // at the end, in days and percent
	optimist      bool
	recovers      bool // wins half of the slip back towards the end
	voice         int  // picks what its project manager writes
	manager       string
	sponsor       string
	partner       string
	deputy        string
	method        ofMethod
	register      known
}

// known is what the register knows of a project, remembered from what was stated:
// to read it back each month would take a fifth of the time.
type known struct {
	version              int64
	start, baseline, end clock.Day
	forecast, actual     int64
	rating, note         string
}

// manyProjects is from which size on the order of work follows the tables.
const manyProjects = 1000

// plan draws up all projects before the first month.
func (m *maker) plan() {
	total, closed := usualLive+usualClosed, usualClosed
	if m.Projects > 0 {
		total = m.Projects
		closed = total * usualClosed / (usualLive + usualClosed)
	}
	for i := range total {
		g := i % len(programmes)
		p := &project{number: 101 + i, programme: g, slip: m.chance.IntN(4) * 14, overrun: m.chance.IntN(5) * 4, optimist: m.chance.IntN(4) == 0}
		p.name, p.voice, p.recovers = name(i), m.chance.IntN(1000), m.chance.IntN(5) < 2
		if i < closed {
			length := 4 + m.chance.IntN(11)
			p.begins = m.chance.IntN(months - length - 1)
			p.ends = p.begins + length
		} else {
			p.begins = months - 2 - m.chance.IntN(16)
			p.ends = months + 2 + m.chance.IntN(18)
		}
		if p.optimist {
			p.slip, p.overrun = p.slip+42, p.overrun+12
		}
		p.budget = int64(8+m.chance.IntN(40)) * int64(25_000_00) * pick(m, []int64{1, 1, 1, 1, 2, 2, 3, 6})
		if g == 5 {
			p.budget = int64(4+m.chance.IntN(10)) * 500_000
		}
		m.cast(p, i, closed)
		m.projects = append(m.projects, p)
	}
	if total > manyProjects { // those of one time then lie together in the tables too, whatever their number
		slices.SortStableFunc(m.projects, func(a, b *project) int { return cmp.Compare(a.begins, b.begins) })
	}
}

// name gives the i-th project its name; beyond the usual 210 they have phases.
func name(i int) string {
	names := programmes[i%len(programmes)].Names
	at := i / len(programmes)
	if at < len(names) {
		return names[at]
	}
	return names[at%len(names)] + ", stage " + strconv.Itoa(1+at/len(names))
}

// cast gives a project its people. The analyst is partner of one in seven; the
// project manager of the front page has three live ones.
func (m *maker) cast(p *project, i, closed int) {
	p.manager = m.managers[1+i%(len(m.managers)-1)]
	p.sponsor = m.sponsors[i%len(m.sponsors)]
	p.partner = m.pmo[1+(i+i/len(m.managers))%(len(m.pmo)-1)]
	if i >= closed && i < closed+3 || i < min(3, closed) {
		p.manager, p.partner, p.sponsor = Manager, Analyst, Sponsor
	}
	if i%9 == 4 {
		p.deputy = m.managers[1+(i+5)%(len(m.managers)-1)]
	}
}

// share is how much of the project lies behind at a month, in percent.
func (p *project) share(n int) int {
	return min(100, max(0, (n-p.begins)*100/(p.ends-p.begins)))
}

// now gives the truth about slip and overrun at a month.
func (p *project) now(n int) (slip, overrun int) {
	slip, overrun = p.slip*p.share(n)/100, p.overrun*p.share(n)/100
	if p.recovers && p.share(n) > 35+p.voice%40 {
		return slip / 2, overrun / 2
	}
	return slip, overrun
}

// live lets a project live through one month.
func (m *maker) live(ctx context.Context, p *project, n int) error {
	switch {
	case n == p.begins:
		return m.begin(ctx, p, n)
	case n == p.ends:
		return m.end(ctx, p, n)
	case n > p.begins && n < p.ends && (n-p.begins)%3 == 0:
		return m.reforecast(ctx, p, n)
	}
	return nil
}

func text(s string) portfolio.Value { return portfolio.Value{Text: s} }

func money(n int64) portfolio.Value { return text(strconv.FormatInt(n, 10)) }

func (m *maker) begin(ctx context.Context, p *project, n int) (err error) {
	start, end := m.day(m.month(n)), m.day(m.month(p.ends))
	f := portfolio.Facts{
		portfolio.Name: text(p.name), portfolio.Code: text(fmt.Sprintf("P-%04d", p.number)), portfolio.Parent: text(m.nodes[p.programme]),
		portfolio.Purpose: text(programmes[p.programme].Purposes[p.voice%len(programmes[p.programme].Purposes)]),
		portfolio.OrgUnit: text(programmes[p.programme].Unit), portfolio.Status: text("Live"), portfolio.Phase: text(phases[0]), portfolio.Category: text(category(p.programme)),
		portfolio.BaselineStart: text(start), portfolio.BaselineEnd: text(end), portfolio.ForecastEnd: text(end), portfolio.ActualStart: text(start),
		portfolio.Currency: text("GBP"), portfolio.Budget: money(p.budget), portfolio.Forecast: money(p.budget), portfolio.Actual: money(0),
	}
	m.own(p, f)
	if p.id, err = m.Portfolio.AddProject(ctx, m.head, start, f, p.programme == 3 && p.number%40 == 0); err != nil {
		return err
	}
	p.register = known{version: 1, start: start, baseline: end, end: end, forecast: p.budget}
	for _, a := range []portfolio.Assignment{
		{Person: m.people[p.sponsor], Kind: portfolio.Sponsor}, {Person: m.people[p.manager], Kind: portfolio.Manager}, {Person: m.people[p.partner], Kind: portfolio.Partner},
	} {
		a.Project, a.From, a.To = p.id, start, m.until(p)
		if _, err := m.Portfolio.Assign(ctx, m.head, a); err != nil {
			return err
		}
	}
	if p.deputy != "" && p.deputy != p.manager {
		a := portfolio.Assignment{Project: p.id, Person: m.people[p.deputy], Kind: portfolio.Deputy, For: m.people[p.manager], From: clock.AddDays(start, 40), To: clock.AddDays(start, 61)}
		if _, err := m.Portfolio.Assign(ctx, m.head, a); err != nil {
			return err
		}
	}
	return nil
}

// until is the last day of the assignments: that of a closed project's end.
func (m *maker) until(p *project) clock.Day {
	if p.ends > months {
		return ""
	}
	return m.day(m.month(p.ends))
}

func category(programme int) string {
	return []string{"Construction", "Construction", "Business change", "Technology", "Property", "Improvement"}[programme]
}

func (m *maker) reforecast(ctx context.Context, p *project, n int) error {
	slip, overrun := p.now(n)
	r := &p.register
	r.end, r.forecast, r.actual = clock.AddDays(m.day(m.month(p.ends)), slip), p.budget*int64(100+overrun)/100, p.budget*int64(p.share(n))/100
	f := portfolio.Facts{
		portfolio.Phase: text(phases[min(3, 1+p.share(n)/45)]), portfolio.ForecastEnd: text(r.end), portfolio.Forecast: money(r.forecast), portfolio.Actual: money(r.actual),
	}
	if hours := m.outage(p); hours > 0 && slip > 0 {
		f[m.fields.outage] = text(strconv.Itoa(hours + slip/7))
	}
	return m.state(ctx, p, n, f)
}

func (m *maker) end(ctx context.Context, p *project, n int) error {
	total := p.budget * int64(100+p.overrun) / 100
	return m.state(ctx, p, n, portfolio.Facts{
		portfolio.Phase: text(phases[3]), portfolio.Status: text("Closed"), portfolio.ActualEnd: text(m.day(m.month(n))),
		portfolio.ForecastEnd: text(m.day(m.month(n))), portfolio.Forecast: money(total), portfolio.Actual: money(total),
	})
}

func (m *maker) state(ctx context.Context, p *project, n int, f portfolio.Facts) error {
	if p.gated() || p.programme == 5 { // a gate that passes states the phase by itself
		d, err := m.Portfolio.Project(ctx, m.head, p.id, portfolio.When{})
		if err != nil {
			return err
		}
		p.register.version = d.Project.Version
	}
	p.register.version++
	return m.Portfolio.ChangeProject(ctx, m.head, p.id, p.register.version-1, m.day(m.month(n)), f)
}
