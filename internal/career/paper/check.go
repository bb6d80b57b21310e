package paper

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
)

// Characters counts as receivers do: letters, not bytes.
func Characters(s string) int { return utf8.RuneCountInString(s) }

// Description is what a receiver reads as one text.
func Description(values map[string]string) string {
	var parts []string
	for _, name := range descriptionParts {
		if s := strings.TrimSpace(values[name]); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

// Over is by how many characters a line's description is longer than its receiver
// takes; 0 if it is not.
func (p *Paper) Over(values map[string]string) int {
	if p.Kind != Application {
		return 0
	}
	return max(0, Characters(Description(values))-p.Limit())
}

// CheckHead refuses what a paper's own fields cannot hold.
func (s Spec) CheckHead(values map[string]string) error {
	var c errs.Check
	checkFields(&c, s.Head, values, "")
	if n, err := strconv.Atoi(values["limit"]); s.Kind == Application {
		c.That(err == nil && n >= 1 && n <= mostLimit, "limit", "Enter a number from 1 to %d.", mostLimit)
	}
	if email := values["email"]; email != "" {
		a, err := mail.ParseAddress(email)
		c.That(err == nil && a.Address == email, "email", "Enter an address such as name@example.org.")
	}
	if address := values["url"]; address != "" {
		u, err := url.Parse(address)
		c.That(err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http"), "url", "Enter an address that begins with https://.")
	}
	return c.Err()
}

// CheckLine refuses what a line cannot hold. What leaves of it is what is counted
// against the limit of the receiver, and named at its longest part.
func (p *Paper) CheckLine(section Section, l *Line, leaves map[string]string) error {
	var c errs.Check
	checkFields(&c, section.Fields, l.Values, p.Today)
	c.That(l.Values["title"] != "", "title", "Give it a name.")
	if level := l.Values["level"]; section.ID == "competency" {
		n, err := strconv.Atoi(level)
		c.That(level == "" || err == nil && n >= 0 && n < len(p.Levels), "level", "Choose a level.")
	}
	if section.ID == "entry" && l.Source == "" {
		c.That(l.Values["role_in_work"] != "", "role_in_work", "Choose led, deputised, contributed, supported or observed.")
	}
	if over := p.Over(leaves); over > 0 {
		longest := descriptionParts[0]
		for _, name := range descriptionParts {
			if Characters(leaves[name]) > Characters(leaves[longest]) {
				longest = name
			}
		}
		c.Add(longest, "Objective, role, responsibilities and outcome have %d characters together, and the receiver takes %d. Take out %d.", p.Limit()+over, p.Limit(), over)
	}
	return c.Err()
}

func checkFields(c *errs.Check, fields []Field, values map[string]string, today clock.Day) {
	for name := range values {
		c.That(slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }), name, "There is no such field.")
	}
	for _, f := range fields {
		v := values[f.Name]
		switch f.Type {
		case Day:
			c.That(v == "" || IsDay(v), f.Name, "Enter a day such as 2024-03-18, or a month such as 2024-03.")
			c.That(today == "" || !IsDay(v) || firstDay(v) <= today, f.Name, "This is still to come. Enter what was.")
		case Choice:
			c.That(v == "" || len(f.Options) == 0 || slices.ContainsFunc(f.Options, func(o Option) bool { return o.Value == v }), f.Name, "Choose one of the list.")
		default:
			if n := Characters(v); f.Most > 0 && n > f.Most {
				c.Add(f.Name, "This has %d characters. Use at most %d.", n, f.Most)
			}
		}
	}
	from, to := values["from"], values["to"]
	if IsDay(from) && IsDay(to) {
		c.That(lastDay(to) >= firstDay(from), "to", "The end comes before the beginning.")
	}
	c.That(to == "" || from != "", "from", "Say when it began.")
}

// IsDay reports whether a text is a day or a month.
func IsDay(s string) bool {
	return clock.ValidDay(s) || len(s) == len("2006-01") && clock.ValidDay(s+"-01")
}

func firstDay(s string) clock.Day {
	if len(s) == len("2006-01") {
		return s + "-01"
	}
	return s
}

func lastDay(s string) clock.Day {
	if len(s) == len("2006-01") {
		return s + "-31" // compared as text, never read as a date
	}
	return s
}
