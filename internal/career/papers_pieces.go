package career

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"cairn/internal/career/framework"
	"cairn/internal/career/paper"
	"cairn/internal/kit/activity"
	"cairn/internal/kit/sqldb"
	"cairn/internal/kit/work"
)

// PaperPiece is a piece of evidence that a paper can take in, as it leaves.
type PaperPiece struct {
	Source   string
	Proposed bool // by the record, and not kept yet: it leaves only if it is picked
	Says     string
	Project  string // as it leaves; empty for none
	Post     string // of a line about past years
	Employer string
	Facts    paper.Facts
	Hidden   paper.Hidden
	about    []string // competencies
}

// The beginnings of sources.
const (
	fromGroup, fromEntry, fromPast = "group/", "entry/", "past/"
	fromCompetency, fromOffice     = "competency/", "office"
)

// dossier is what papers are filled from.
type dossier struct {
	ledger Ledger
	pieces []PaperPiece
	hidden []paper.Swap // names that the person leaves out of some piece
	name   string
	post   string
	office string // the organisation
	since  string // the first day of which the record knows
}

func (s *Service) fileOf(ctx context.Context, v *work.View, person string) (f dossier, err error) {
	if f.ledger, err = s.ledger(ctx, v, person); err != nil || !f.ledger.On {
		return f, err
	}
	if err := v.QueryRowContext(ctx, `SELECT name, job_title FROM v_person WHERE id = $1`, person).Scan(&f.name, &f.post); err != nil {
		return f, err
	}
	past, err := listPast(ctx, v, person)
	if err != nil {
		return f, err
	}
	f.office = s.Office()
	for i := range f.ledger.Groups {
		g := &f.ledger.Groups[i]
		if day := g.From; g.Origin == Recorded && day != "" && (f.since == "" || day < f.since) {
			f.since = day
		}
		p := f.groupPiece(g)
		f.hidden = append(f.hidden, clientNames(p.Hidden)...)
		if g.Claim.State != Dropped {
			f.pieces = append(f.pieces, p)
		}
	}
	for i := range f.ledger.Entries {
		p := entryPiece(f.ledger.By, &f.ledger.Entries[i])
		f.hidden = append(f.hidden, clientNames(p.Hidden)...)
		f.pieces = append(f.pieces, p)
	}
	for _, l := range past {
		f.pieces = append(f.pieces, pastPiece(l))
	}
	seen := map[string]bool{}
	f.hidden = slices.DeleteFunc(f.hidden, func(s paper.Swap) bool { // many pieces are of one project
		again := seen[s.Name]
		seen[s.Name] = true
		return again
	})
	return f, nil
}

// hiddenPeople reads the names of the people around those pieces from which the person
// leaves names out.
func hiddenPeople(ctx context.Context, q sqldb.Querier, groups []Group) (map[string]string, error) {
	var ids []string
	for i := range groups {
		if groups[i].Claim.Hidden(HideNames) {
			for _, it := range groups[i].Items {
				ids = append(ids, it.People...)
			}
		}
	}
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	slices.Sort(ids)
	var w sqldb.Where
	w.AndIn("p.id", slices.Compact(ids))
	rows, err := q.QueryContext(ctx, `SELECT p.id, p.name FROM v_person p`+w.SQL(), w.Values()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

const aColleague = "a colleague"

func (f *dossier) groupPiece(g *Group) PaperPiece {
	by := f.ledger.By
	p := PaperPiece{Source: fromGroup + g.ID, Proposed: g.Claim.State == Proposed, Says: g.Leaves(by), Project: g.ProjectName, Employer: f.office, Post: f.post}
	p.Facts = paper.Facts{Kind: g.Kind, Role: g.Role, Leads: leads(by, g.Kind), From: g.From, To: g.To, Grade: g.Grade(), Leaves: p.Says}
	if g.Lasts {
		p.Facts.To = ""
	}
	project, body := g.instead(by)
	if g.Claim.Hidden(HideClient) {
		p.Hidden.Names = named(paper.Swap{Name: g.ProjectName, By: project}, paper.Swap{Name: g.BodyName, By: body})
		if g.ProjectName != "" {
			p.Project = upperFirst(project)
		}
	}
	p.confirmed(g.Asked, g.Claim.Hides, g.Claim.Words+g.Claim.Leaves == "", g.Claim.Words)
	if g.Claim.Hidden(HideNames) {
		p.Hidden.Names = append(p.Hidden.Names, colleagues(g.around, nil)...)
	}
	return p
}

func entryPiece(by *framework.Framework, e *Entry) PaperPiece {
	p := PaperPiece{Source: fromEntry + e.ID, Says: e.LeavesAs(), Project: e.ProjectName, about: e.About}
	p.Facts = paper.Facts{Kind: e.Kind, Role: e.Role, Leads: leads(by, e.Kind), From: e.From, To: e.To, Grade: e.Grade(), Leaves: p.Says}
	if slices.Contains(e.Hides, HideClient) {
		p.Hidden.Names = named(paper.Swap{Name: e.ProjectName, By: "a project"})
		if e.ProjectName != "" {
			p.Project = "A project"
		}
	}
	p.confirmed(e.Asked, e.Hides, false, e.Words)
	return p
}

func pastPiece(l Past) PaperPiece {
	it := pastItems(l)[0]
	p := PaperPiece{Source: fromPast + l.ID, Post: l.Post, Employer: l.Organisation, Says: upperFirst(string(l.Role)) + " " + count(int(l.Projects), l.Scale+" project", l.Scale+" projects")}
	p.Facts = paper.Facts{Kind: it.Kind, Role: l.Role, Leads: l.Role == activity.Led, From: l.From, To: l.To, Grade: "self_declared"}
	return p
}

// confirmed adds who confirmed a piece, and whether they did so in other words than stand
// there or stood there before anything was left out: words that grow with the record are
// nobody's. Names of people that the person leaves out do not leave with it, and neither
// does money.
func (p *PaperPiece) confirmed(asked []Attestation, hides []string, grows bool, words string) {
	p.Hidden.Money = slices.Contains(hides, HideMoney)
	for _, a := range asked {
		if a.State != AttestConfirmed {
			continue
		}
		p.Facts.Confirmers = append(p.Facts.Confirmers, paper.Confirmer{
			Name: a.AttesterName, ByLink: a.ByLink(), Other: !grows && a.Wording != p.Says && a.Wording != words,
		})
		if slices.Contains(hides, HideNames) {
			p.Hidden.Names = append(p.Hidden.Names, named(paper.Swap{Name: a.AttesterName, By: aColleague})...)
		}
	}
}

// named leaves out swaps of no name.
func named(list ...paper.Swap) []paper.Swap {
	return slices.DeleteFunc(list, func(s paper.Swap) bool { return strings.TrimSpace(s.Name) == "" })
}

// clientNames are the names of projects and bodies among what is hidden: they leave
// the whole paper, while a person may be named elsewhere in it.
func clientNames(h paper.Hidden) (out []paper.Swap) {
	for _, s := range h.Names {
		if s.By != aColleague {
			out = append(out, s)
		}
	}
	return out
}

// leads reports whether a kind of work is that of leading a project: what the framework
// counts as months led.
func leads(by *framework.Framework, kind string) bool {
	for _, c := range by.Counters {
		if c.ID == "months_led" {
			return slices.Contains(c.Kinds, kind)
		}
	}
	return kind == "project.managed" || kind == "programme.managed"
}

// offered are the pieces that a kind of paper can take in, the latest first.
func (f *dossier) offered(kind paper.Kind) (out []PaperPiece) {
	for _, p := range f.pieces {
		if kind == paper.Application && !ofProject(p.Facts.Kind) {
			continue
		}
		h := f.hides(p.Source)
		p.Says, p.Project = h.From(p.Says), h.From(p.Project)
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b PaperPiece) int {
		if a.Proposed != b.Proposed {
			return map[bool]int{true: 1, false: -1}[a.Proposed]
		}
		return strings.Compare(b.Facts.From, a.Facts.From)
	})
	return out
}

// ofProject are the kinds of which an application has an entry: work on a project that
// lasts for months.
func ofProject(kind string) bool {
	switch kind {
	case "project.managed", "project.supported", "delivery.worked", "programme.managed", "programme.defined", "improvement.delivered":
		return true
	}
	return false
}

// face gives the lines what their evidence says now, and says which have lost it.
func (f *dossier) face(p *paper.Paper) {
	for i := range p.Lines {
		l := &p.Lines[i]
		if !fromEvidence(l.Source) {
			continue
		}
		piece := f.piece(l.Source)
		if l.Gone = piece == nil; !l.Gone {
			l.Facts = piece.Facts
		}
	}
	place := func(l paper.Line) int {
		at := slices.IndexFunc(f.ledger.By.Competencies, func(c framework.Competency) bool { return fromCompetency+c.ID == l.Source })
		if at < 0 {
			at = len(f.ledger.By.Competencies)
		}
		return at
	}
	slices.SortStableFunc(p.Lines, func(a, b paper.Line) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(place(a), place(b)))
	})
}

func fromEvidence(source string) bool {
	return strings.HasPrefix(source, fromGroup) || strings.HasPrefix(source, fromEntry) || strings.HasPrefix(source, fromPast)
}

func (f *dossier) piece(source string) *PaperPiece {
	for i := range f.pieces {
		if f.pieces[i].Source == source {
			return &f.pieces[i]
		}
	}
	return nil
}

// hides is what a line leaves out: what its own evidence hides, and the names of
// projects and bodies that the person hides anywhere. A name that one line shows would
// tell what another hides.
func (f *dossier) hides(source string) paper.Hidden {
	h := paper.Hidden{Names: f.hidden}
	if own := f.piece(source); own != nil {
		h = paper.Hidden{Names: slices.Concat(own.Hidden.Names, f.hidden), Money: own.Hidden.Money}
	}
	return h
}

// seal is a paper as it leaves.
func (f *dossier) seal(p paper.Paper) paper.Paper {
	all := paper.Hidden{Names: f.hidden}
	values := map[string]string{}
	for name, v := range p.Values {
		if values[name] = v; name != "name" && name != "email" {
			values[name] = all.From(v)
		}
	}
	lines := make([]paper.Line, len(p.Lines))
	for i, l := range p.Lines {
		lines[i] = l.Sealed(f.hides(l.Source))
	}
	p.Values, p.Lines = values, lines
	return p
}

// levels are the names of the levels of application, from none.
func (f *dossier) levels() (out []string) {
	for _, l := range f.ledger.By.Scales["application"] {
		out = append(out, l.Name)
	}
	return out
}
