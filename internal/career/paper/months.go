package paper

import (
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// Role is the role in the work of an entry: that of the evidence, or what was typed
// where there is none.
func (l *Line) Role() activity.RoleInWork {
	if l.Source != "" {
		return l.Facts.Role
	}
	return activity.RoleInWork(l.Values["role_in_work"])
}

// Counts reports whether the months of an entry count: only those of work that was
// led and directed do.
func (l *Line) Counts() bool {
	return !l.Gone && l.Role() == activity.Led && (l.Source == "" || l.Facts.Leads)
}

// WhyNot says why the months of an entry do not count; empty if they do.
func (l *Line) WhyNot() string {
	switch {
	case l.Counts():
		return ""
	case l.Gone:
		return "Its evidence was dropped or taken back: it does not leave."
	case l.Role() == activity.Led:
		return "Its months do not count: you led a piece of work, and not the project. Only work that was led and directed counts."
	case l.Role() == activity.Deputised:
		return "Its months do not count: you deputised. Only work that was led and directed counts."
	}
	return "Its months do not count: this is support. Only work that was led and directed counts."
}

// Months are the calendar months of an entry, each once. What lasts is counted to
// today, and nothing is counted beyond it.
func (l *Line) Months(today clock.Day) map[string]bool {
	out := map[string]bool{}
	from, to := l.Values["from"], l.Values["to"]
	if !IsDay(from) || to != "" && !IsDay(to) || len(today) < 7 {
		return out
	}
	end := today[:7]
	if to != "" {
		end = min(end, to[:7])
	}
	m, err := time.Parse("2006-01", from[:7])
	for err == nil && m.Format("2006-01") <= end {
		out[m.Format("2006-01")] = true
		m = m.AddDate(0, 1, 0)
	}
	return out
}

// MonthsLed counts the months of all entries that count; months in which several of
// them overlap count once.
func (p *Paper) MonthsLed() int {
	all := map[string]bool{}
	for i := range p.Lines {
		if l := &p.Lines[i]; l.Section == "entry" && l.Counts() {
			for m := range l.Months(p.Today) {
				all[m] = true
			}
		}
	}
	return len(all)
}

// Basis says how what a line says is known.
func (l *Line) Basis() string {
	if l.Source == "" {
		return "self-declared"
	}
	changed := l.Facts.Leaves != "" && l.Values["title"] != l.Facts.Leaves && l.Section == "evidence"
	own := changed && l.Values["title"] != l.Filled
	beyond := l.beyond()
	by, links := l.confirmers()
	switch {
	case beyond:
		return "self-declared: the dates are others than those of its evidence"
	case l.Facts.Grade == "attested" && changed:
		return "self-declared: worded anew since " + by + " confirmed it"
	case l.Facts.Grade == "attested":
		return "attested by " + by + links
	case l.Facts.Grade == "recorded" && own:
		return "recorded, in words of their own"
	case l.Facts.Grade == "recorded" && by != "":
		return "recorded, and attested by " + by + links
	case l.Facts.Grade == "recorded":
		return "recorded" + links
	}
	return "self-declared" + links
}

// beyond reports whether the dates of a line reach beyond those of its evidence.
func (l *Line) beyond() bool {
	from, to := l.Values["from"], l.Values["to"]
	if l.Facts.From == "" || from == "" {
		return false
	}
	if from[:min(7, len(from))] < l.Facts.From[:7] {
		return true
	}
	return l.Facts.To != "" && (to == "" || to[:min(7, len(to))] > l.Facts.To[:7])
}

// confirmers names the colleagues who confirmed a piece, and whoever did so by a link,
// which anybody could have followed.
func (l *Line) confirmers() (colleagues, links string) {
	for _, c := range l.Facts.Confirmers {
		if c.Other {
			c.Name += " (in other words)"
		}
		if c.ByLink {
			links += "; by link, whose follower nobody checked: " + c.Name
			continue
		}
		if colleagues != "" {
			colleagues += ", "
		}
		colleagues += c.Name
	}
	return colleagues, links
}

// Verifier is who confirmed a piece: a colleague, or somebody by a link, which is said.
func (l *Line) Verifier() string {
	by := ""
	for _, c := range l.Facts.Confirmers {
		switch {
		case !c.ByLink:
			return c.Name
		case by == "":
			by = c.Name + " (confirmed by link)"
		}
	}
	return by
}
