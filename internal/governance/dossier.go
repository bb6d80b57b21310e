package governance

import (
	"cairn/internal/governance/method"
	"cairn/internal/kit/clock"
)

// dossier is what the record holds of one project as far as governance reads it:
// dated facts, from which the state of every control on any day follows.
type dossier struct {
	project   string
	governed  []Governed
	words     []said // those that stand, oldest first
	waivers   []Waiver
	reports   []reported
	held      []held
	tenures   []tenure
	acts      []method.Day // on which the sponsor of that day did something
	decisions []passed
	open      []span       // conditions of gates, from the decision to their end
	dialled   []method.Day // sorted
	kinds     []string     // what each dial said the project is
	documents []filed
	met       []method.Day
	rhythm    workdays
}

// said is a word with its day as a number.
type said struct {
	Word
	on method.Day
}

// span is a time: from is included, to is not.
type span struct {
	from, to method.Day
	ref      string
}

func (s span) on(d method.Day) bool { return s.from <= d && d < s.to }

// reported is a report as it was submitted.
type reported struct {
	period string // 2026-03
	on     method.Day
}

// held is what the register held for a time.
type held struct {
	span
	closed                   bool
	end                      method.Day // of the forecast, or the baseline
	budget, forecast, actual *int64     // minor units
}

// tenure is somebody in a role for a time.
type tenure struct {
	span
	person, kind string
}

// passed is a gate that was decided.
type passed struct {
	gate, decision string
	on             method.Day
}

// filed is a document that reached a state.
type filed struct {
	id, state string
	on        method.Day
}

// known says that features record an event by themselves, so that nobody needs to
// say that it took place.
func known(event string) bool {
	switch event {
	case "report.submitted", "gate.passed":
		return true
	}
	return false
}

// evidence gives what counts as dated evidence, as the method wants it. After cuts
// off everything up to and including a day: an assessment said that it was not
// enough.
func (d *dossier) evidence(after method.Day) *method.Evidence {
	e := &method.Evidence{Events: map[string][]method.Seen{}, Documents: map[string][]method.Seen{}, Attestations: map[string][]method.Day{}}
	see := func(name, of string, on method.Day) {
		if on > after {
			e.Events[name] = append(e.Events[name], method.Seen{Of: of, On: on})
		}
	}
	for _, r := range d.reports {
		see("report.submitted", "", r.on)
	}
	for _, p := range d.decisions {
		if p.decision == method.Go || p.decision == method.ConditionalGo {
			see("gate.passed", p.gate, p.on)
		}
	}
	for _, on := range d.met {
		see("meeting.held", "", on)
	}
	for i := range d.words {
		w := &d.words[i]
		switch {
		case w.on <= after:
		case w.Kind == Noted:
			see(w.Name, w.Detail, w.on)
		case w.Kind == Attested:
			e.Attestations[w.Control] = append(e.Attestations[w.Control], w.on)
		}
	}
	for _, f := range d.documents {
		if f.on > after {
			e.Documents[f.id] = append(e.Documents[f.id], method.Seen{Of: f.state, On: f.on})
		}
	}
	return e
}

// days of the calendar as the method counts them.
func day(d clock.Day) method.Day {
	if d == Lasting {
		return method.Forever
	}
	return method.ParseDay(d)
}

func iso(d method.Day) clock.Day {
	if d >= method.Forever {
		return Lasting
	}
	return d.String()
}
