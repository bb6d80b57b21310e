// Package ui is how Cairn looks: the shell of every page, its parts, and the
// way that money, dates and health are written.
package ui

import "cairn/internal/kit/errs"

// NavItem is an entry of the navigation.
type NavItem struct {
	ID, Label, Href, Icon string
	Key                   string // the letter after "g"
	Group                 string // "", "Office", "Exchange", "Career" or "foot"
}

// Who is the person in the corner of the page.
type Who struct{ Name, Role, Initials string }

// Crumb is one step of "you are here".
type Crumb struct{ Label, Href string }

// Page is what the shell needs to know.
type Page struct {
	Title, Section string
	Crumbs         []Crumb
	Nav            []NavItem
	Who            *Who
	Org            string
	Theme, Density string
	KeysOff        bool
	Toast          string
	Path           string
	Demo           bool
	Sheet          bool // a page made for paper: no navigation
	Refresh        int  // seconds after which a browser without script looks again; 0 is never
}

// navGroups is the order of the navigation's groups, with their headings.
var navGroups = []string{"", "Office", "Exchange", "Career"}

func (p Page) group(name string) (out []NavItem) {
	for _, n := range p.Nav {
		if n.Group == name {
			out = append(out, n)
		}
	}
	return out
}

func (p Page) otherTheme() string {
	if p.Theme == "dark" {
		return "light"
	}
	return "dark"
}

// FieldError is an error at a field.
type FieldError = errs.Field

// ErrorAt finds the message for a field; empty if there is none.
func ErrorAt(list []FieldError, name string) string {
	for _, f := range list {
		if f.Name == name {
			return f.Message
		}
	}
	return ""
}

// Option is a choice of a select or radio field.
type Option struct{ Value, Label string }

// Options makes options from pairs of value and label.
func Options(pairs ...string) []Option {
	var out []Option
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Option{pairs[i], pairs[i+1]})
	}
	return out
}

// Input is one field of a form.
type Input struct {
	Name, Label, Hint, Value, Error   string
	Type                              string // text (default), email, password, date, number, textarea, select, checkbox, radio, file
	Autocomplete, Placeholder, Source string
	Options                           []Option
	Required, Checked                 bool
	Rows                              int
	InputMode, Min, Max, Step, Accept string
	List                              string // id of a datalist
}

func (in Input) kind() string {
	if in.Type == "" {
		return "text"
	}
	return in.Type
}

// describedBy names the hint and the error for assistive technology.
func (in Input) describedBy() string {
	s := ""
	if in.Hint != "" {
		s = in.Name + "-hint"
	}
	if in.Error != "" {
		s += " " + in.Name + "-error"
	}
	return s
}
