package governance

import (
	"slices"
	"time"

	"cairn/internal/governance/method"
)

// fedFacts are the facts that Cairn reads from its record by now. A control that
// accepts nothing but others cannot be seen yet.
var fedFacts = []string{
	"role.sponsor_named", "role.pm_named", "sponsor.silence_days", "report.late_days", "report.age_days", "dial.age_days",
	"schedule.end_date_set", "schedule.remaining_months", "cost.approved_amount", "cost.eac_amount", "cost.rough_total_amount", "cost.eac_variance_amount", "cost.eac_variance_pct",
	"cost.committed_over_approved_amount", "cost.final_known", "phase.delivering", "project.age_days", "project.kind", "project.hands_over",
	"case.approved_count", "baseline.approved_count", "condition.open_count", "check.fallback_age_days", "check.asked_count", "check.applicable_count", "check.not_passed_count", "handover.accepted",
	"document.idea_present", "document.case_present", "document.people_page_present", "document.go_live_present", "document.handover_present", "document.close_present",
}

// fed is the same for a version of a method, worked out once. Whatever is an event
// can be noted by a person until a feature records it.
func (s *Service) fed(version string, m *method.Method) *method.Fed {
	if f, there := s.feeds.Load(version); there {
		return f.(*method.Fed)
	}
	f := &method.Fed{Facts: map[string]bool{}, Events: map[string]bool{}}
	for _, name := range fedFacts {
		f.Facts[name] = true
	}
	for i := range m.Events {
		f.Events[m.Events[i].Name] = true
	}
	s.feeds.Store(version, f)
	return f
}

// facts reads what the record shows on a day. What it does not hold is absent.
func (d *dossier) facts(m *method.Method, g *Governed, on method.Day) method.Facts {
	f := make(method.Facts, len(fedFacts))
	for from := range sources {
		d.read(f, from, m, g, on)
	}
	return f
}

func count(list []span, on method.Day) (n int) {
	for _, s := range list {
		if s.on(on) {
			n++
		}
	}
	return n
}

// newestUpTo gives the last of the sorted days that is not after a day; 0 for none.
func newestUpTo(days []method.Day, on method.Day) method.Day {
	i, found := slices.BinarySearch(days, on)
	switch {
	case found:
		return on
	case i == 0:
		return 0
	}
	return days[i-1]
}

// people tells who is named, and since when nothing was heard of the sponsor: from
// their last entry in the project's record, or else from the beginning of their
// time as sponsor.
func (d *dossier) people(f method.Facts, on method.Day) {
	f["role.sponsor_named"], f["role.pm_named"] = false, false
	for _, t := range d.tenures {
		if !t.on(on) {
			continue
		}
		switch t.kind {
		case "project_manager":
			f["role.pm_named"] = true
		case "sponsor":
			f["role.sponsor_named"] = true
			since := max(t.from, d.began())
			if last := newestUpTo(d.acts, on); last > since {
				since = last
			}
			f["sponsor.silence_days"] = int(on - since)
		}
	}
}

// began is the day from which the project is governed.
func (d *dossier) began() method.Day {
	if len(d.governed) == 0 {
		return 0
	}
	return day(d.governed[0].From)
}

func (d *dossier) register(f method.Facts, on method.Day) {
	since := d.began()
	if len(d.held) > 0 && d.held[0].from > 0 && d.held[0].from < since {
		since = d.held[0].from
	}
	f["project.age_days"] = max(int(on-since), 0)
	for _, h := range d.held {
		if !h.on(on) {
			continue
		}
		f["schedule.end_date_set"] = h.end != 0
		if h.end != 0 {
			f["schedule.remaining_months"] = max(float64(h.end-on)/30.44, 0)
		}
		if h.budget != nil {
			f["cost.approved_amount"] = units(*h.budget)
		}
		if h.forecast != nil {
			f["cost.eac_amount"], f["cost.rough_total_amount"] = units(*h.forecast), units(*h.forecast)
		}
		if h.budget != nil && h.forecast != nil {
			f["cost.eac_variance_amount"] = units(*h.forecast - *h.budget)
			if *h.budget > 0 {
				f["cost.eac_variance_pct"] = 100 * float64(*h.forecast-*h.budget) / float64(*h.budget)
			}
		}
		if h.budget != nil && h.actual != nil {
			f["cost.committed_over_approved_amount"] = max(units(*h.actual-*h.budget), 0)
		}
		f["cost.final_known"] = h.closed && h.actual != nil
	}
}

// units turns minor units into whole ones.
func units(minor int64) float64 { return float64(minor) / 100 }

// reporting tells how late the newest report that is due is, in working days after
// the cut-off, and how old the last one is.
func (d *dossier) reporting(f method.Facts, m *method.Method, g *Governed, on method.Day) {
	last := method.Day(0)
	for _, r := range d.reports {
		if r.on <= on && r.on > last {
			last = r.on
		}
	}
	if last != 0 {
		f["report.age_days"] = int(on - last)
	}
	nth := m.Cadence.CutOffWorkingDay.At(g.Tier)
	if nth == 0 || m.Cadence.Report.At(g.Tier) != method.Monthly {
		return
	}
	f["report.late_days"] = 0
	t := time.Unix(int64(on)*86400, 0).UTC()
	for back := range 2 { // the cut-off of this month may not have come yet
		first := time.Date(t.Year(), t.Month()-time.Month(back), 1, 0, 0, 0, 0, time.UTC)
		cut := d.rhythm.nth(method.DayOf(first), nth)
		if on <= cut || cut < d.began() {
			continue
		}
		if !d.hasReport(first.AddDate(0, -1, 0).Format("2006-01"), on) {
			f["report.late_days"] = d.rhythm.between(cut, on)
		}
		return
	}
}

func (d *dossier) hasReport(period string, on method.Day) bool {
	for _, r := range d.reports {
		if r.period == period && r.on <= on {
			return true
		}
	}
	return false
}

// checkKinds are the specialist checks that what a project involves calls for.
var checkKinds = map[string]string{"safety": "safety", "personal_data": "privacy", "critical_system": "security"}

func (d *dossier) checks(f method.Facts, m *method.Method, g *Governed, on method.Day) {
	applicable, asked, failed := 0, 0, 0
	for involves, kind := range checkKinds {
		if !slices.Contains(g.Involves, involves) {
			continue
		}
		applicable++
		ok := d.noted("check.passed", kind, on)
		if ok == 0 || d.stale(m, g, kind, ok, on) {
			failed++
		}
		if ok != 0 || d.noted("check.agreed", kind, on) != 0 {
			asked++
		}
	}
	f["check.applicable_count"], f["check.asked_count"], f["check.not_passed_count"] = applicable, asked, failed
	if tried := d.noted("fallback.rehearsed", "", on); tried != 0 {
		f["check.fallback_age_days"] = int(on - tried)
	}
	f["handover.accepted"] = d.noted("handover.accepted", "", on) != 0
	f["baseline.approved_count"] = 0
	if d.noted("baseline.approved", "", on) != 0 {
		f["baseline.approved_count"] = 1
	}
}

// stale says that a check has outlived the freshness of the control that wants it.
func (d *dossier) stale(m *method.Method, g *Governed, kind string, passed, on method.Day) bool {
	for i := range m.Controls {
		for _, a := range m.Controls[i].Accepts {
			if a.Kind == method.AnEvent && a.Name == "check.passed" && a.Of == kind {
				fresh := m.Controls[i].FreshDays.At(g.Tier)
				return fresh > 0 && int(on-passed) > fresh
			}
		}
	}
	return false
}

// noted gives the last day up to a day on which an event was noted; 0 for none.
func (d *dossier) noted(name, of string, on method.Day) (last method.Day) {
	for i := range d.words {
		if w := &d.words[i]; w.Kind == Noted && w.on <= on && w.on > last && w.Name == name && (of == "" || w.Detail == of) {
			last = w.on
		}
	}
	return last
}

func (d *dossier) papers(f method.Facts, m *method.Method, on method.Day) {
	for i := range m.Documents {
		if name := m.Documents[i].Fact; name != "" {
			f[name] = false
		}
	}
	approved := 0
	for _, p := range d.documents {
		if p.on > on {
			continue
		}
		if p.state == method.Approved && p.id == "doc-case" {
			approved++
		}
		for i := range m.Documents {
			if m.Documents[i].ID == p.id && m.Documents[i].Fact != "" {
				f[m.Documents[i].Fact] = true
			}
		}
	}
	if d.noted("case.approved", "", on) != 0 {
		approved++
	}
	f["case.approved_count"] = approved
}
