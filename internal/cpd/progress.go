package cpd

import (
	"slices"

	"cairn/internal/kit/clock"
)

// Line is how far a category or side is, in minutes.
type Line struct {
	Place            string
	Name             string
	Done             int // what was logged
	Counted          int // what counts of it
	Minimum, Maximum int
	Inside           string // the name of the category that it counts in
	Side             bool
}

// Short is how much is missing to the least.
func (l Line) Short() int { return max(0, l.Minimum-l.Counted) }

// Lost is how much was logged above the most.
func (l Line) Lost() int { return l.Done - l.Counted }

// Progress is how far a period is on a day.
type Progress struct {
	Cycle
	Counted, Target   int // minutes
	Lines             []Line
	Activities        int
	WithoutReflection int
	StatementMissing  bool
	DaysLeft          int // to the last day; negative when it has passed; to complete it, see Deadline
	Reminding         bool
	Complete          bool
	Begun, Over       bool
}

// Missing is how much is missing to the target.
func (p Progress) Missing() int { return max(0, p.Target-p.Counted) }

// measure works out how far a period is. An entry counts in the period in which it
// ended.
func measure(c Cycle, entries []Entry, today clock.Day) Progress {
	p := Progress{Cycle: c, Target: c.Scheme.Target * c.Scheme.unit(), Begun: today >= c.From, Over: today > c.To}
	sums := map[string]int{}
	for _, e := range entries {
		place := e.Places[c.Scheme.ID]
		if e.To < c.From || e.To > c.To || !c.Scheme.has(place) {
			continue
		}
		sums[place] += e.Minutes
		p.Activities++
		if c.Scheme.Reflection.PerEntry && e.Reflection == "" {
			p.WithoutReflection++
		}
	}
	p.count(sums)
	p.StatementMissing = c.Scheme.Reflection.YearlyStatement && c.Statement == ""
	p.DaysLeft, _ = clock.DaysBetween(today, c.To)
	p.Complete = p.Missing() == 0 && p.Activities >= c.Scheme.AtLeastActivities && p.WithoutReflection == 0 && !p.StatementMissing &&
		!slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Short() > 0 })
	p.Reminding = !p.Complete && p.Begun && today <= c.Deadline() && today >= c.remindFrom()
	return p
}

// count sums the categories: what stands inside another counts in that one's limit.
func (p *Progress) count(sums map[string]int) {
	unit := p.Scheme.unit()
	inside := map[string]int{}
	names := map[string]string{}
	for _, c := range p.Scheme.Categories {
		names[c.ID] = c.Name
		if c.Inside != "" {
			inside[c.Inside] += capped(sums[c.ID], c.Maximum*unit)
		}
	}
	for _, c := range p.Scheme.Categories {
		done := sums[c.ID]
		var sides []Line
		for _, s := range c.Sides {
			n := sums[c.ID+"/"+s.ID]
			done += n
			sides = append(sides, Line{Place: c.ID + "/" + s.ID, Name: s.Name, Done: n, Counted: n, Minimum: s.Minimum * unit, Side: true})
		}
		done += inside[c.ID]
		l := Line{Place: c.ID, Name: c.Name, Done: done, Counted: capped(done, c.Maximum*unit), Minimum: c.Minimum * unit, Maximum: c.Maximum * unit, Inside: names[c.Inside]}
		if c.Inside == "" {
			p.Counted += l.Counted
		}
		p.Lines = append(append(p.Lines, l), sides...)
	}
}

func capped(n, most int) int {
	if most == 0 {
		return n
	}
	return min(n, most)
}

// Deadline is the last day on which what a period lacks can be put right.
func (c Cycle) Deadline() clock.Day { return clock.AddDays(c.To, c.Scheme.HandInDays) }

// remindFrom is the first day on which an unfinished period is brought to mind.
func (c Cycle) remindFrom() clock.Day {
	if len(c.Scheme.RemindMonths) == 0 {
		return c.To
	}
	return monthsOn(c.To, -slices.Max(c.Scheme.RemindMonths))
}
