package career

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/career/framework"
	"cairn/internal/career/paper"
	"cairn/internal/career/standing"
	"cairn/internal/kit/activity"
)

// The most lines of a paper, and the evidence that a competency is given at first.
const maxPaperLines, firstReferences = 400, 6

// head fills the fields of a new paper.
func (f *dossier) head(kind paper.Kind) map[string]string {
	out := map[string]string{"name": f.name}
	if kind == paper.Application {
		out["limit"] = strconv.Itoa(paper.DefaultLimit)
	}
	if kind == paper.CV {
		out["label"] = f.post
	}
	return out
}

// lines makes lines of pieces of evidence; a new paper gets what goes with them.
func (f *dossier) lines(kind paper.Kind, pieces []*PaperPiece, levels []standing.Level, begun *paper.Paper, newID func() string) (out []paper.Line) {
	for _, p := range pieces {
		l := f.line(kind, p)
		l.ID, l.Source, l.Filled = newID(), p.Source, l.Values["title"]
		out = append(out, l)
	}
	if kind == paper.Matrix {
		out = append(out, f.competencies(pieces, out, levels, begun, newID)...)
	}
	if kind == paper.CV && begun.Version == 0 {
		out = append(out, f.beside(levels, newID)...)
	}
	return out
}

func (f *dossier) line(kind paper.Kind, p *PaperPiece) paper.Line {
	l := paper.Line{Section: "evidence", Values: map[string]string{"title": cut(p.Says, 2000), "from": p.Facts.From, "to": p.Facts.To}}
	past := strings.HasPrefix(p.Source, fromPast)
	switch kind {
	case paper.Matrix:
		if past {
			l.Values["title"] = joined(p.Says, "as "+p.Post+", "+p.Employer)
		}
	case paper.Application:
		l.Section = "entry"
		l.Values["title"], l.Values["role"] = cut(cmp.Or(p.Project, p.Says), 200), p.Says
		l.Values["organisation"], l.Values["post"] = p.Employer, p.Post
		if past {
			l.Values["title"] = cut(p.Says, 200)
		}
	case paper.CV:
		l.Section = "project"
		l.Values["title"], l.Values["role"] = cut(p.Says, 200), string(p.Facts.Role)
		if len([]rune(p.Says)) > 200 {
			l.Values["summary"] = cut(p.Says, 2000)
		}
		if past {
			l = paper.Line{Section: "work", Values: map[string]string{"title": p.Post, "organisation": p.Employer, "summary": p.Says, "from": p.Facts.From, "to": p.Facts.To}}
		}
	}
	for _, name := range []string{"from", "to"} {
		if d := l.Values[name]; len(d) > len("2006-01") {
			l.Values[name] = d[:len("2006-01")]
		}
	}
	return l
}

// competencies are the lines of those that the pieces say something of and that the
// paper does not have yet, with the strongest pieces as evidence.
func (f *dossier) competencies(pieces []*PaperPiece, lines []paper.Line, levels []standing.Level, begun *paper.Paper, newID func() string) (out []paper.Line) {
	for _, level := range levels {
		c := level.Competency
		source := fromCompetency + c.ID
		if slices.ContainsFunc(begun.Lines, func(l paper.Line) bool { return l.Source == source }) {
			continue
		}
		kinds := kindsOf(c)
		var at []int
		for i, p := range pieces {
			if kinds[p.Facts.Kind] || slices.Contains(p.about, c.ID) {
				at = append(at, i)
			}
		}
		if len(at) == 0 {
			continue
		}
		slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(f.weight(pieces[b]), f.weight(pieces[a])) })
		var refs []string
		for _, i := range at[:min(len(at), firstReferences)] {
			refs = append(refs, lines[i].ID)
		}
		out = append(out, paper.Line{ID: newID(), Section: "competency", Source: source, Values: map[string]string{
			"title": c.Name, "level": strconv.Itoa(level.Application), "evidence": strings.Join(refs, ","),
		}})
	}
	return out
}

// weight puts what is better known, and more of one's own, before the rest.
func (f *dossier) weight(p *PaperPiece) int {
	return 10*framework.Rank(f.ledger.By.Grades, p.Facts.Grade) + slices.Index(Roles, activity.RoleInWork("observed")) - slices.Index(Roles, p.Facts.Role)
}

// beside is what a CV has beside pieces of work: the post here, and skills.
func (f *dossier) beside(levels []standing.Level, newID func() string) (out []paper.Line) {
	if f.office != "" && f.since != "" {
		out = append(out, paper.Line{ID: newID(), Section: "work", Source: fromOffice, Values: map[string]string{"title": cmp.Or(f.post, "Member of the PMO"), "organisation": f.office, "from": f.since[:len("2006-01")]}})
	}
	names := f.levels()
	for _, l := range levels {
		if l.Application >= 2 && l.Application < len(names) {
			out = append(out, paper.Line{ID: newID(), Section: "skill", Source: fromCompetency + l.Competency.ID, Values: map[string]string{"title": l.Competency.Name, "level": names[l.Application]}})
		}
	}
	return out
}

// cut shortens a text to so many characters.
func cut(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

func upperFirst(s string) string {
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}

func count(n int, one, many string) string {
	if n == 1 {
		return "one " + one
	}
	return strconv.Itoa(n) + " " + many
}

func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
