// Package transfer brings spreadsheets in and out: it reads a file, proposes what
// its columns mean, shows what each row would do, and does all of it or nothing.
// What rows become is known to a Sink of another feature alone.
package transfer

import (
	"context"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/reading"
	"cairn/internal/kit/work"
)

// The actions of this feature.
const (
	Import   = authz.Action("transfer.import")
	TakeAway = authz.Action("transfer.export")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: Import, Says: "Import a file into the register", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO, authz.Operator}},
	{Action: TakeAway, Says: "Take the projects that one sees away as a file", Roles: authz.SignedInRoles},
}

// KeepTables are the tables of this feature that hold no changes of state:
// files that somebody uploaded and has not applied.
var KeepTables = []string{"transfer_upload", "transfer_part"}

// Kind is how the cells of a field are read.
type Kind string

// The kinds of field.
const (
	Text     Kind = "text"
	Date     Kind = "date"
	EndDate  Kind = "end_date" // a month without a day is its last day
	Money    Kind = "money"
	Rating   Kind = "rating"
	Scale    Kind = "scale" // of a rating: 3 or 5
	Person   Kind = "person"
	AsAt     Kind = "as_at"
	SourceID Kind = "source_id"
	Known    Kind = "known" // Cairn's own id
	Parent   Kind = "programme"
	Currency Kind = "currency"
	Number   Kind = "number"
	Choice   Kind = "choice" // which choices there are, the sink knows
	Switch   Kind = "switch" // no column: a tick, for all rows
)

// Field is one thing that a file can say about a record.
type Field struct {
	ID    string
	Label string
	Kind  Kind
	Words []string // other names of it, in the words of other people's files

	Key     bool                // rows that differ in it are not the same record
	Need    string              // of all fields with the same need one is mapped
	Options []Option            // what its values can stand for; each value is asked for
	Guess   func(string) string // of them; empty for none
	Hint    string
}

// Value is a cell that was read: text, dates in ISO form, money in minor units.
// An empty Text is a missing value; Reason says why, where the cell does.
type Value struct{ Text, Reason string }

// Record is a row that was read.
type Record struct {
	SourceID, Known string
	AsAt            clock.Day
	Values          map[string]Value // by field, those that the file has a column for
	People          map[string][]string
	Programme       string
	Place           int // number of the row, or of the column if records stand in columns
}

// Outcome is what became of a record.
type Outcome struct {
	ID      string
	Created bool
	Changed bool
	Stated  bool           // something was stored, if only that the file says the same
	Alike   string         // id of a record of the same name elsewhere: proposed, never applied
	Refused error          // of kind Invalid, by field: the record changed nothing
	Counts  map[string]int // what else there is to count
}

// Sink takes records.
type Sink interface {
	// Fields lists what a file can say. It authorises.
	Fields(ctx context.Context, who authz.Actor) ([]Field, error)
	// Put takes records in their order, some hundred at a time, as part of the
	// batch that the import is.
	Put(ctx context.Context, tx *work.Tx, source, batch string, records []Record) ([]Outcome, error)
	// Finish is told which records the file held, for flagging those that vanished;
	// what is missing from a file that is not whole has not vanished. It counts all
	// flags that moved too.
	Finish(ctx context.Context, tx *work.Tx, source, batch string, asAt clock.Day, whole bool, present map[string]bool) (vanished, moved int, err error)
	Batches
}

// Column is a column of a file and what it is taken for.
type Column struct {
	Header  string          `json:"header"`
	Field   string          `json:"field,omitempty"` // empty: not taken
	Order   reading.Order   `json:"order,omitempty"`
	Unit    reading.Unit    `json:"unit,omitempty"`
	Decimal reading.Decimal `json:"decimal,omitempty"`

	currency string // that the header names, once it is settled
}

// Plan is how a file is read. A profile is a plan that was kept.
type Plan struct {
	Sheet      string    `json:"sheet,omitempty"`
	HeaderRow  int       `json:"header_row"` // row number; 0 is sniffed
	HeaderRows int       `json:"header_rows,omitempty" doc:"In how many rows the header stands, of which header_row is the last; one if it is absent."`
	Transposed bool      `json:"transposed,omitempty"` // one record per column
	Columns    []Column  `json:"columns"`
	Repeated   Repeated  `json:"repeated,omitempty"`
	AsAt       clock.Day `json:"-"` // overrides what the file says
	Source     string    `json:"source"`

	Kind     string                       `json:"kind,omitempty" maxLength:"20" doc:"What the file is brought in for; projects when it is empty."`
	Values   map[string]map[string]string `json:"values,omitempty" doc:"By field and value of the file: what the value stands for."`
	Switches []string                     `json:"switches,omitempty"`

	UnitSays    string   `json:"unit_says,omitempty" doc:"The sentence above the table by which its amounts are counted."`
	DateSays    string   `json:"date_says,omitempty" doc:"The sentence above the table that says since when its facts hold."`
	OtherSheets []string `json:"other_sheets,omitempty" nullable:"false" doc:"Worksheets that show a register too, and are not read."`

	GoodOnly  bool   `json:"-"` // apply good rows, give the refused ones back
	DiffAfter string `json:"-"` // the dry run's diff goes on after this record
}

// Repeated is what becomes of rows that speak of one record and one date: which
// of them holds, the file does not say.
type Repeated string

// The choices for repeated rows.
const (
	RefuseLater Repeated = ""      // the first is taken, the later ones are refused
	FirstWins   Repeated = "first" // the first is taken, the later ones are left out
	RefuseAll   Repeated = "all"   // all of them are refused
)

// Refusal is a cell that could not be read, or a row that could not be taken.
type Refusal struct {
	Row     int    `json:"row"` // number of the row, or of the column if records stand in columns
	Column  string `json:"column"`
	Message string `json:"message"`
	Name    string `json:"-"` // of the record, as far as the row says
	Said    string `json:"-"` // what the cell holds in the file
	Now     string `json:"-"` // what it was corrected to; otherwise what it holds
}

// Line is the outcome of one row, for the dry run's page.
type Line struct {
	Row     int
	Name    string
	Outcome string // created, changed, unchanged, refused, left out
	ID      string
	Alike   string
}

// Report is what an import did, or would do.
type Report struct {
	File      string    `json:"file"`
	Rows      int       `json:"rows"`
	Created   int       `json:"created"`
	Changed   int       `json:"changed"`
	Unchanged int       `json:"unchanged"`
	Vanished  int       `json:"vanished"`
	Refused   []Refusal `json:"refused"`

	// Counts is what there is to count beside rows, by its name.
	Counts map[string]int `json:"counts,omitempty"`

	Asked       []Asked    `json:"-"` // what values stand for
	Notes       []string   `json:"notes,omitempty" nullable:"false" doc:"What was settled without asking."`
	NotTaken    []string   `json:"not_taken,omitempty" nullable:"false" doc:"Headers of columns that have no meaning for Cairn."`
	RefusedRows int        `json:"-"`
	Applied     bool       `json:"-"`
	ID          string     `json:"id,omitempty"` // of the applied import
	Diff        Changes    `json:"-"`            // of a dry run, a page of it
	Pages       []Changes  `json:"-"`            // that page and those after it, as far as they were asked for
	Stated      int        `json:"-"`            // rows of which something is stored, if only that the file says the same
	batch       string     // the id that the import has, or would have
	Lines       []Line     `json:"-"` // the first maxLines
	Alike       int        `json:"-"`
	LeftOut     int        `json:"-"` // repeated rows, counted as unchanged
	Moved       int        `json:"-"` // records that vanished, and those that are there again
	AsAt        clock.Day  `json:"-"`
	header      []string   // of the file, for giving refused rows back
	back        [][]string // refused rows with their reasons
	fixed       []Corrected
}

// Idle tells that there is nothing to do: the register says all of it already.
func (rep Report) Idle() bool { return rep.Stated == 0 && rep.Moved == 0 }

// MaxBack is how many refused rows come back as a file, and maxLines how many
// outcomes a report holds; counts go on beyond.
const MaxBack, maxLines, maxRefusals = 2000, 500, MaxBack

// Applied is the event of an import.
type Applied struct {
	Import  string    `json:"import"`
	SHA256  string    `json:"sha256"`
	AsAt    clock.Day `json:"as_at"`
	Rows    int       `json:"rows"`
	Created int       `json:"created"`
	Changed int       `json:"changed"`
	Refused int       `json:"refused"`
	// Corrected is how many cells a person corrected before the import.
	Corrected int    `json:"corrected,omitempty"`
	Person    string `json:"person,omitempty"`
}

// Activity implements activity.Event.
func (e Applied) Activity() activity.Meta {
	m := activity.Meta{Verb: "import.applied", Version: 1, SubjectKind: "import", SubjectID: e.Import}
	if e.Person != "" {
		m.Participants = []activity.Participant{{Person: e.Person, Role: activity.Led}}
	}
	return m
}
