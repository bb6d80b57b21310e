// Package paper is what a person takes away of their career for somebody who expects
// a form: what stands in it, what its receiver takes, and how it is written. It knows
// no database: a paper is filled, edited and sealed before it comes here to be printed.
package paper

import (
	"cairn/internal/kit/activity"
	"cairn/internal/kit/clock"
)

// Kind tells papers apart.
type Kind string

// The kinds. Sheets of CPD and PDU are kept with their log.
const (
	Application Kind = "application" // entries of an application to certify project management
	Matrix      Kind = "matrix"      // competency by competency, with numbered evidence
	CV          Kind = "cv"
)

// Format is how a paper is written.
type Format string

// The formats.
const (
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
	JSON Format = "json" // JSON Resume
)

// The types of a field.
const (
	Line1  = ""         // one line
	Long   = "textarea" // several
	Day    = "day"      // a day or a month; empty where it lasts
	Number = "number"
	Choice = "select"
	Refs   = "refs" // ids of lines of evidence, with commas
)

// Field is something that a person edits.
type Field struct {
	Name, Label, Hint, Type string
	Most                    int // characters
	Part                    bool
	Options                 []Option
	Typed                   bool // only of lines that no evidence stands behind
}

// Option is a choice.
type Option struct{ Value, Label string }

// Section is a part of a paper, with lines that have the same fields.
type Section struct {
	ID, Name, One string // One is a line of it: "an entry"
	Fields        []Field
	Typed         bool // lines can be added by hand
}

// Spec is what a kind of paper consists of.
type Spec struct {
	Kind      Kind
	Name, For string
	Head      []Field
	Sections  []Section
	Formats   []Format
}

// Line is an entry of a paper, as the person worded it.
type Line struct {
	ID, Section string
	Source      string // the evidence behind it; empty for what was typed
	Filled      string // the title that the evidence gave it: the record's wording grows, and this stays the record's
	Values      map[string]string
	Version     int64
	Facts       Facts // what the evidence says now
	Gone        bool  // the evidence was dropped or taken back: the line does not leave
}

// Facts are what the evidence behind a line says, whatever the line says.
type Facts struct {
	Kind       string
	Role       activity.RoleInWork
	Leads      bool // it is work that leads and directs a project
	From, To   clock.Day
	Grade      string // recorded, attested, self_declared
	Confirmers []Confirmer
	Leaves     string // the wording as it leaves, which was confirmed
}

// Confirmer is who confirmed a piece.
type Confirmer struct {
	Name   string
	ByLink bool
	Other  bool // they confirmed another wording than the one that stands here
}

// Paper is a draft.
type Paper struct {
	Kind    Kind
	Values  map[string]string
	Lines   []Line
	Version int64
	Today   clock.Day
	Levels  []string // names of the levels of application, 0 first
}

// In gives the lines of a section that leave.
func (p *Paper) In(section string) (out []*Line) {
	for i := range p.Lines {
		if l := &p.Lines[i]; l.Section == section && !l.Gone {
			out = append(out, l)
		}
	}
	return out
}

// Line finds a line.
func (p *Paper) Line(id string) (*Line, bool) {
	for i := range p.Lines {
		if p.Lines[i].ID == id {
			return &p.Lines[i], true
		}
	}
	return nil, false
}

// Get is a value of a line.
func (l *Line) Get(name string) string { return l.Values[name] }

// Section finds a section.
func (s Spec) Section(id string) (Section, bool) {
	for _, x := range s.Sections {
		if x.ID == id {
			return x, true
		}
	}
	return Section{}, false
}

// SpecOf finds a kind.
func SpecOf(kind Kind) (Spec, bool) {
	for _, s := range Specs() {
		if s.Kind == kind {
			return s, true
		}
	}
	return Spec{}, false
}
