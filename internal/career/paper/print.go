package paper

import (
	"strconv"
	"strings"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Print writes a paper as PDF: A4, with the text as text.
func (p *Paper) Print() ([]byte, error) {
	spec, _ := SpecOf(p.Kind)
	title := spec.Name
	if p.Kind == CV {
		title = "Curriculum vitae"
	}
	s := newSheet(title, p.Values["name"], p.Today)
	switch p.Kind {
	case Application:
		p.printApplication(s)
	case Matrix:
		p.printMatrix(s)
	case CV:
		p.printCV(s)
	}
	return s.bytes()
}

func (p *Paper) printApplication(s *sheet) {
	s.title("Application entries", p.Values["name"])
	s.text("Months led and directed, overlapping ones once: " + itoa(p.MonthsLed()) + ", to " + dayWords(p.Today) + ". Entries that count: " + itoa(p.count(true)) + ". Entries of support, which do not count: " + itoa(p.count(false)) + ".")
	s.gap()
	for i, l := range p.In("entry") {
		s.heading(itoa(i+1) + ". " + l.Get("title"))
		s.small(joined(", ", l.Get("organisation"), l.Get("post")))
		s.small(joined(". ", upperFirst(p.span(l)), plural(len(l.Months(p.Today)), "month", "months"), "Role in the work: "+string(l.Role())))
		if why := l.WhyNot(); why != "" {
			s.small(why)
		} else {
			s.small("Its months count: led and directed.")
		}
		s.pdf.Ln(1)
		s.labelled("Approach", l.Get("methodology"))
		s.labelled("Objective", l.Get("objective"))
		s.labelled("Role", l.Get("role"))
		s.labelled("Answered for", l.Get("responsibilities"))
		s.labelled("Outcome", l.Get("outcome"))
		s.labelled("Can be verified by", joined(", ", l.Get("verifier"), l.Get("contact")))
		s.labelled("How it is known", l.Basis())
		s.gap()
	}
}

func (p *Paper) printMatrix(s *sheet) {
	s.title("Competency matrix", joined(". ", p.Values["name"], p.Values["assessment"]))
	s.text(p.Values["statement"])
	list, numbers := p.Numbered()
	s.part("Competencies")
	for _, c := range p.In("competency") {
		s.heading(c.Get("title"))
		level := p.Level(c)
		if level == "" {
			level = "none claimed"
		}
		s.small("Level: " + level)
		s.text(c.Get("statement"))
		var refs []string
		for _, id := range c.References() {
			if n := numbers[id]; n > 0 {
				refs = append(refs, "E"+itoa(n))
			}
		}
		if len(refs) > 0 {
			s.small("Evidence: " + strings.Join(refs, ", "))
		} else {
			s.small("Evidence: none")
		}
		s.gap()
	}
	s.part("Annex: evidence")
	s.small("Recorded: left behind by the work in the organisation's system. Attested: confirmed by the colleagues who are named. Self-declared: the person's own word. Whoever confirms by a link is not known to the system.")
	s.gap()
	for i, e := range list {
		s.heading("E" + itoa(i+1))
		s.text(e.Get("title"))
		s.small(joined(". ", upperFirst(p.span(e)), roleOf(e), upperFirst(e.Basis()), e.Get("note")))
		s.gap()
	}
}

func roleOf(l *Line) string {
	if l.Facts.Role == "" {
		return ""
	}
	return "Role in the work: " + string(l.Facts.Role)
}

func (p *Paper) printCV(s *sheet) {
	s.title(p.Values["name"], joined(" · ", p.Values["label"], p.Values["email"], p.Values["phone"], p.Values["url"], p.Values["city"]))
	s.text(p.Values["summary"])
	for _, section := range cvSections() {
		lines := p.In(section.ID)
		if len(lines) == 0 {
			continue
		}
		s.part(section.Name)
		for _, l := range lines {
			if section.ID == "skill" || section.ID == "language" {
				s.text(joined(": ", l.Get("title"), joined(", ", l.Get("level"), l.Get("keywords"))))
				continue
			}
			s.heading(l.Get("title"))
			s.small(joined(", ", l.Get("organisation"), l.Get("degree"), l.Get("role"), p.span(l)))
			if summary := l.Get("summary"); summary != l.Get("title") {
				s.text(summary)
			}
			s.pdf.Ln(1.5)
		}
	}
}

// span is the time of a line in words.
func (p *Paper) span(l *Line) string {
	from, to := dayWords(l.Get("from")), dayWords(l.Get("to"))
	switch {
	case from == "":
		return to
	case l.Section == "certificate" || from == to:
		return from
	case to == "":
		return "since " + from
	}
	return from + " to " + to
}

func dayWords(s string) string {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t.Format("2 January 2006")
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		return t.Format("January 2006")
	}
	return ""
}

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, by)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
