// Package organisation knows what an organisation has settled for all: its name,
// its time zone, its money, its ratings and its working days.
package organisation

import (
	"slices"
	"strings"
	"time"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	SeeSettings    = authz.Action("organisation.see_settings")
	ChangeSettings = authz.Action("organisation.change_settings")
)

var settlers = []authz.Role{authz.HeadOfPMO, authz.Administrator, authz.Operator}

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeSettings, Says: "See the organisation's settings", Roles: settlers},
	{Action: ChangeSettings, Says: "Change the organisation's name, time zone, working days, currency and rating scale", Roles: settlers},
}

// Settings are what an organisation has settled. An empty value leaves it open.
type Settings struct {
	Name        string
	Zone        string // IANA name; empty for the one that the program was started with
	Currency    string // ISO 4217, for projects that state none
	RatingScale string // "3" or "5": what forms offer; empty for five with the scale beside it
	WorkingDays []time.Weekday
	Holidays    []clock.Day
	ReportDay   int // the working day of the month on which reports are due
	Version     int64
}

// Limits of what can be entered.
const (
	maxName      = 120
	maxHolidays  = 400
	maxReportDay = 20
)

func (s Settings) check() error {
	var c errs.Check
	c.Fits("name", s.Name, maxName)
	if s.Zone != "" {
		_, err := time.LoadLocation(s.Zone)
		c.That(err == nil && s.Zone != "Local", "zone", "There is no such time zone. Choose one of the list, for example Europe/London.")
	}
	c.That(s.Currency == "" || isCurrency(s.Currency), "currency", "Enter a code of three letters such as GBP (ISO 4217).")
	c.That(s.RatingScale == "" || s.RatingScale == "3" || s.RatingScale == "5", "rating_scale", "Choose three or five points.")
	c.That(len(s.WorkingDays) > 0, "working_days", "Choose at least one working day.")
	c.That(len(s.Holidays) <= maxHolidays, "holidays", "There is room for %d days.", maxHolidays)
	for _, d := range s.Holidays {
		if !clock.ValidDay(d) {
			c.Add("holidays", "%.40q is no date. Write one a line, such as 2026-12-25.", d)
			break
		}
	}
	c.That(s.ReportDay >= 1 && s.ReportDay <= maxReportDay, "report_day", "Enter a number from 1 to %d.", maxReportDay)
	return c.Err()
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// tidy puts a list of working days and holidays into its one form.
func (s Settings) tidy() Settings {
	s.Currency = strings.ToUpper(s.Currency)
	s.WorkingDays = slices.Compact(slices.SortedFunc(slices.Values(s.WorkingDays), func(a, b time.Weekday) int { return isoDay(a) - isoDay(b) }))
	s.Holidays = slices.Compact(slices.Sorted(slices.Values(s.Holidays)))
	return s
}

// isoDay numbers Monday 1 to Sunday 7 (ISO 8601).
func isoDay(d time.Weekday) int { return (int(d)+6)%7 + 1 }

func weekdays(digits string) (out []time.Weekday) {
	for _, r := range digits {
		out = append(out, time.Weekday(int(r-'0')%7))
	}
	return out
}

func digits(days []time.Weekday) string {
	var b strings.Builder
	for _, d := range days {
		b.WriteByte(byte('0' + isoDay(d)))
	}
	return b.String()
}

// fields names what differs between two settings.
func (s Settings) fields(old Settings) (out []string) {
	for _, f := range []struct {
		name    string
		differs bool
	}{
		{"name", s.Name != old.Name},
		{"zone", s.Zone != old.Zone},
		{"currency", s.Currency != old.Currency},
		{"rating_scale", s.RatingScale != old.RatingScale},
		{"working_days", !slices.Equal(s.WorkingDays, old.WorkingDays)},
		{"holidays", !slices.Equal(s.Holidays, old.Holidays)},
		{"report_day", s.ReportDay != old.ReportDay},
	} {
		if f.differs {
			out = append(out, f.name)
		}
	}
	return out
}

// Settled is the event of changed settings: which, and what is no free text.
type Settled struct {
	Fields      []string `json:"fields"`
	Zone        string   `json:"zone,omitempty"`
	Currency    string   `json:"currency,omitempty"`
	RatingScale string   `json:"rating_scale,omitempty"`
	WorkingDays string   `json:"working_days,omitempty"`
	ReportDay   int      `json:"report_day,omitempty"`
}

// Activity implements activity.Event.
func (e Settled) Activity() activity.Meta {
	return activity.Meta{Verb: "organisation.settled", Version: 1, SubjectKind: "organisation", SubjectID: "1"}
}
