package governance

import (
	"slices"
	"strings"
	"time"

	"cairn/internal/governance/method"
)

// source is a part of the record from which facts are read. A control's evidence
// asks for one or two, and only those are read, and looked at when they may change.
type source int

// The sources.
const (
	ofConditions source = iota
	ofPeople
	ofRegister
	ofReports
	ofChecks
	ofDial
	ofPhase
	ofPapers
	sources
)

// sourceOf says where a fact is read from.
func sourceOf(fact string) source {
	switch fact {
	case "sponsor.silence_days":
		return ofPeople
	case "project.age_days":
		return ofRegister
	case "dial.age_days", "project.kind":
		return ofDial
	case "phase.delivering", "project.hands_over":
		return ofPhase
	case "handover.accepted", "baseline.approved_count":
		return ofChecks
	}
	area, _, _ := strings.Cut(fact, ".")
	switch area {
	case "condition":
		return ofConditions
	case "role":
		return ofPeople
	case "schedule", "cost":
		return ofRegister
	case "report":
		return ofReports
	case "check":
		return ofChecks
	}
	return ofPapers
}

// ages says that a fact changes with every day that passes, and not only when
// something is recorded.
func ages(fact string) bool {
	return strings.HasSuffix(fact, "_days") || fact == "schedule.remaining_months" || fact == "check.not_passed_count"
}

// read puts the facts of one source on a day to the others.
func (d *dossier) read(f method.Facts, from source, m *method.Method, g *Governed, on method.Day) {
	switch from {
	case ofConditions:
		f["condition.open_count"] = count(d.open, on)
	case ofPeople:
		d.people(f, on)
	case ofRegister:
		d.register(f, on)
	case ofReports:
		d.reporting(f, m, g, on)
	case ofChecks:
		d.checks(f, m, g, on)
	case ofDial:
		for i, dialled := range d.dialled {
			if dialled <= on {
				f["dial.age_days"], f["project.kind"] = int(on-dialled), d.kinds[i]
			}
		}
	case ofPhase:
		f["phase.delivering"], f["project.hands_over"] = g.Phase == "deliver" || g.Phase == "handover", slices.Contains(g.Involves, "handover")
	case ofPapers, sources:
		d.papers(f, m, on)
	}
}

// turns gives the days on which a fact of a source may jump within a row, apart
// from its age; in no order.
func (d *dossier) turns(from source, m *method.Method, g *Governed) (out []method.Day) {
	between := func(list []span) {
		for _, x := range list {
			out = append(out, x.from, x.to)
		}
	}
	switch from {
	case ofConditions:
		between(d.open)
	case ofPeople:
		for i := range d.tenures {
			out = append(out, d.tenures[i].from, d.tenures[i].to)
		}
		out = append(out, d.acts...)
	case ofRegister:
		for i := range d.held {
			out = append(out, d.held[i].from, d.held[i].to)
		}
	case ofReports:
		for _, r := range d.reports {
			out = append(out, r.on)
		}
		out = append(out, d.cutoffs(m, g, min(day(g.To), d.latest()+farDays/2))...)
	case ofDial:
		out = append(out, d.dialled...)
	case ofChecks, ofPapers, sources:
		for i := range d.words {
			if d.words[i].Kind == Noted {
				out = append(out, d.words[i].on)
			}
		}
		for _, x := range d.documents {
			out = append(out, x.on)
		}
	case ofPhase: // the row has one phase
	}
	return out
}

// ends gives days on the way to the ends of a project: months that remain may be
// more than ages are looked ahead.
func (d *dossier) ends() (out []method.Day) {
	for i := range d.held {
		h := &d.held[i]
		for at := h.end; at > h.from; at -= farDays / 2 {
			out = append(out, at)
		}
	}
	return out
}

// latest gives the last day that the record holds anything of.
func (d *dossier) latest() (last method.Day) {
	see := func(x method.Day) {
		if x < method.Forever && x > last {
			last = x
		}
	}
	for i := range d.governed {
		see(day(d.governed[i].From))
	}
	for from := range sources {
		if from == ofReports {
			for _, r := range d.reports {
				see(r.on)
			}
			continue
		}
		for _, x := range d.turns(from, nil, nil) {
			see(x)
		}
	}
	return last
}

// cutoffs gives the days after a cut-off on which a report begins to be late, from
// the beginning up to a good year after a day.
func (d *dossier) cutoffs(m *method.Method, g *Governed, upTo method.Day) (out []method.Day) {
	nth := m.Cadence.CutOffWorkingDay.At(g.Tier)
	if nth == 0 {
		return nil
	}
	t := time.Unix(int64(day(g.From))*86400, 0).UTC()
	for first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC); method.DayOf(first) <= upTo; first = first.AddDate(0, 1, 0) {
		out = append(out, d.rhythm.nth(method.DayOf(first), nth)+1)
	}
	return out
}

// usesFacts reports whether a fact can show the control, alone or with a dated line.
func usesFacts(c *method.Control) bool {
	for _, a := range c.Accepts {
		if a.Kind == method.AFact || len(a.All) > 0 {
			return true
		}
	}
	return false
}
