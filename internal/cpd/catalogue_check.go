package cpd

import (
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

const maxCategories, maxSides, maxMonths, maxHandIn, maxSchemes, maxEditions = 12, 6, 72, 180, 60, 40

// check says what is wrong with what a scheme asks; field names end in the number of
// the category, from 0.
func (s Scheme) check(e *errs.Check) {
	e.That(s.Name != "" && utf8.RuneCountInString(s.Name) <= 120, "name", "Give it a name of at most 120 characters.")
	e.That(s.Unit != "" && len(s.Unit) <= 20, "unit", "In which unit does it count, such as hours?")
	e.That(s.HoursPerUnit >= 0 && s.HoursPerUnit <= 100, "hours_per_unit", "Enter a number from 1 to 100.")
	e.That(s.PeriodMonths >= 1 && s.PeriodMonths <= maxMonths, "period_months", "Enter a number from 1 to %d.", maxMonths)
	e.That(s.Target >= 1 && s.Target <= most, "target", "Enter a number from 1 to %d.", most)
	e.That(s.AtLeastActivities >= 0 && s.AtLeastActivities <= 100, "at_least_activities", "Enter a number from 0 to 100.")
	e.That(s.HandInDays >= 0 && s.HandInDays <= maxHandIn, "hand_in_days", "Enter a number from 0 to %d.", maxHandIn)
	e.That(s.KeepProofMonths >= 0 && s.KeepProofMonths <= 120, "keep_proof_months", "Enter a number from 0 to 120.")
	e.That(len(s.RemindMonths) <= 6, "remind_months", "Enter at most six numbers.")
	for _, n := range s.RemindMonths {
		e.That(n >= 0 && n <= s.PeriodMonths, "remind_months", "Enter months before the end, from 0 to the length of the period.")
	}
	e.That(len(s.Reflection.Asks) <= 5, "asks", "Ask at most five questions.")
	for _, q := range s.Reflection.Asks {
		e.That(utf8.RuneCountInString(q) <= 200, "asks", "Use at most 200 characters for a question.")
	}
	s.checkCategories(e)
}

func (s Scheme) checkCategories(e *errs.Check) {
	e.That(len(s.Categories) > 0, "categories", "Name at least one category.")
	e.That(len(s.Categories) <= maxCategories, "categories", "Use at most %d categories.", maxCategories)
	by, names := map[string]Category{}, map[string]bool{}
	for i, c := range s.Categories {
		at := "_" + itoa(i)
		e.That(c.Name != "" && utf8.RuneCountInString(c.Name) <= 120, "name"+at, "Give it a name of at most 120 characters.")
		e.That(!names[strings.ToLower(c.Name)], "name"+at, "Two categories have this name.")
		e.That(isID(c.ID), "name"+at, "An id has letters, digits and lines below: learning.")
		if _, twice := by[c.ID]; twice {
			e.Add("name"+at, "Two categories have the id %s.", c.ID)
		}
		by[c.ID], names[strings.ToLower(c.Name)] = c, true
		e.Fits("note"+at, c.Note, 300)
		e.That(len(c.FromKinds) <= 40, "kinds"+at, "Choose at most 40.")
		c.checkLimits(e, at)
	}
	for i, c := range s.Categories {
		if c.Inside == "" {
			continue
		}
		other, ok := by[c.Inside]
		e.That(ok && c.Inside != c.ID, "inside_"+itoa(i), "Choose another category of this scheme.")
		e.That(!ok || other.Inside == "" || c.Inside == c.ID, "inside_"+itoa(i), "%s counts within another itself.", other.Name)
	}
	if room, bounded := s.room(); bounded && len(s.Categories) > 0 {
		e.That(s.Target <= room, "target", "With these limits no more than %d can count: nobody could reach it.", room)
	}
}

func (c Category) checkLimits(e *errs.Check, at string) {
	e.That(c.Minimum >= 0 && c.Minimum <= most, "min"+at, "Enter a number from 0 to %d.", most)
	e.That(c.Maximum >= 0 && c.Maximum <= most, "max"+at, "Enter a number from 0 to %d; 0 is no limit.", most)
	e.That(c.Maximum == 0 || c.Minimum <= c.Maximum, "max"+at, "The most is less than the least.")
	e.That(len(c.Sides) <= maxSides, "sides"+at, "Use at most %d sides.", maxSides)
	sum, ids := 0, map[string]bool{}
	for _, s := range c.Sides {
		e.That(s.Name != "" && utf8.RuneCountInString(s.Name) <= 120, "sides"+at, "Each side has a name of at most 120 characters.")
		e.That(s.Minimum >= 0 && s.Minimum <= most, "sides"+at, "%s: the least is a number from 0 to %d.", s.Name, most)
		e.That(isID(s.ID) && !ids[s.ID], "sides"+at, "Two sides have one name or id: %s.", s.Name)
		ids[s.ID] = true
		sum += s.Minimum
	}
	e.That(c.Maximum == 0 || sum <= c.Maximum, "max"+at, "The sides ask for %d together, which is above the most.", sum)
}

// room is the most that can count; bounded is false if there is no limit to it.
func (s Scheme) room() (n int, bounded bool) {
	for _, c := range s.Categories {
		if c.Inside == "" && c.Maximum == 0 {
			return 0, false
		}
		if c.Inside == "" {
			n += c.Maximum
		}
	}
	return n, true
}

func isID(s string) bool {
	return s != "" && len(s) <= 60 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// checkEdition says whether an edition can begin on a day.
func checkEdition(e *errs.Check, from, today clock.Day) {
	e.That(clock.ValidDay(from) && from >= "1990-01-01" && from <= clock.AddDays(today, 6*366), "from", "From which day on does it hold? Enter a date such as %s-01-01.", today[:4])
}

// identified gives categories and sides without an id one of their names, and keeps the
// ids of those that have one: entries count by them.
func (s Scheme) identified() Scheme {
	s.Categories = append([]Category{}, s.Categories...)
	taken := map[string]bool{}
	for _, c := range s.Categories {
		taken[c.ID] = true
	}
	for i := range s.Categories {
		c := &s.Categories[i]
		if c.ID == "" {
			c.ID = fresh(c.Name, taken)
		}
		sides := map[string]bool{}
		c.Sides = append([]Side{}, c.Sides...)
		for _, x := range c.Sides {
			sides[x.ID] = true
		}
		for j := range c.Sides {
			if c.Sides[j].ID == "" {
				c.Sides[j].ID = fresh(c.Sides[j].Name, sides)
			}
		}
	}
	return s
}

// fresh makes an id of a name that is not taken yet, and takes it.
func fresh(name string, taken map[string]bool) string {
	id := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(name)), "_")
	if len(id) > 40 {
		id = id[:40]
	}
	if id == "" {
		id = "category"
	}
	for base, n := id, 2; taken[id]; n++ {
		id = base + "_" + itoa(n)
	}
	taken[id] = true
	return id
}
