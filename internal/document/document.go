// Package document keeps the documents of projects: those that the method asks
// for and those that people add. A document has versions that are never changed,
// as text, file or link; one version is approved by somebody who did not write it.
package document

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/clock"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/sqldb"
)

// The actions of this feature.
const (
	SeeDocuments    = authz.Action("document.see")
	WriteDocument   = authz.Action("document.write")
	ApproveDocument = authz.Action("document.approve")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeDocuments, Says: "Read the documents of projects that one sees", Roles: authz.SignedInRoles},
	{Action: WriteDocument, Says: "Add a document, write or upload a version, ask for its approval", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO}, OnNode: []authz.NodeRole{authz.Sponsor, authz.ProjectManager, authz.Team}},
	{Action: ApproveDocument, Says: "Approve a version of a document that somebody else wrote, or send it back; own: whoever was asked", Roles: []authz.Role{authz.HeadOfPMO}, OnNode: []authz.NodeRole{authz.Sponsor}, Owner: true},
}

// Referred lists the hashes of files that are in use, for the sweep of files.
const Referred = `SELECT v.sha256 FROM document_version v WHERE v.form = 'file' AND v.erased <> TRUE`

// Required is a document that the method asks of a project.
type Required struct {
	ID             string // "doc-case"
	Name, Purpose  string
	Phase, DueGate string
	DueOn          clock.Day // when the gate is; empty if nobody knows
	Pages          int       // at most; 0 is not said
	Hours          float64   // that it usually takes; 0 is not said
	Fields         []string  // headings of its template
	WrittenBy      string    // role, in the reader's words
}

// Asked tells which documents the method asks of a project.
type Asked interface {
	Documents(ctx context.Context, q sqldb.Querier, project string) ([]Required, error)
}

// Template is the text that a required document begins with.
func (r Required) Template() string {
	var b strings.Builder
	for _, f := range r.Fields {
		b.WriteString("## " + f + "\n\n\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// Form is how a version is kept.
type Form string

// The forms.
const (
	Text Form = "text"
	File Form = "file"
	Link Form = "link"
)

// State is where a version stands.
type State string

// The states. Superseded is a version that waited for approval when a newer one
// was submitted. Missing is a required document that nobody has begun.
const (
	Missing    State = ""
	Draft      State = "draft"
	Submitted  State = "submitted"
	Approved   State = "approved"
	SentBack   State = "sent_back"
	Superseded State = "superseded"
)

// States are those that a list can be narrowed to, with their words.
var States = []struct {
	State State
	Words string
}{{Submitted, "waits for approval"}, {SentBack, "sent back"}, {Draft, "draft"}, {Approved, "approved"}}

// Words is the state in the reader's words.
func (s State) Words() string {
	switch s {
	case Superseded:
		return "replaced before anybody decided"
	case Missing:
		return "not begun"
	case Draft, Submitted, Approved, SentBack:
	}
	for _, x := range States {
		if x.State == s {
			return x.Words
		}
	}
	return string(s)
}

// Approvers are the roles that can be asked for approval, with their words. The
// sponsor and the head of PMO may always.
var Approvers = []struct{ ID, Words string }{
	{"sponsor", "the sponsor"}, {headOfPMO, "the head of PMO"}, {"project_manager", "the project manager"}, {"pmo_partner", "the PMO partner"},
}

const headOfPMO = "head_of_pmo"

// AskedWords is a role that was asked, in the reader's words.
func AskedWords(id string) string {
	for _, a := range Approvers {
		if a.ID == id {
			return a.Words
		}
	}
	return id
}

// Document is a document of a project, as lists show it.
type Document struct {
	ID, Project, ProjectName string
	Kind                     string // empty if it was added by hand
	Name, Purpose            string
	Latest                   int   // number of the newest version
	State                    State // of the newest version
	Approved                 int   // number of the version that counts; 0 is none
	ChangedAt                int64 // microseconds UTC
}

// Version is one version of a document. What it says is never changed.
type Version struct {
	ID, Document                   string
	Number                         int
	Form                           Form
	Body                           string // the text, or the address of a link
	FileName, MediaType            string
	Size                           int64 // bytes
	SHA256                         string
	Checked                        string // what the scanner said: "clean", or empty if there is none
	Writer, WriterName             string
	WrittenAt                      int64 // microseconds UTC, as the others
	State                          State
	Asked                          string
	SubmittedBy, SubmittedByName   string
	SubmittedAt                    int64
	DecidedBy, DecidedByName       string
	DecidedAt                      int64
	Reason                         string
	Erased                         bool // what it said went with its writer; its hash stays
	MaySubmit, MayApprove, OwnWork bool
}

// Writing is a version that somebody writes: of a document that is there, of one
// that the method asks for, or of a new one by hand.
type Writing struct {
	Document      string // or
	Project       string // with
	Kind          string // or
	Name, Purpose string
	Base          int // number of the version that it follows; 0 is the first
	Form          Form
	Body          string
}

const (
	mostName, mostPurpose = 200, 500
	mostText, mostAddress = 200_000, 2000
	mostReason            = 2000
)

// check looks at the content, and at the name of a document that begins.
func (w Writing) check(begins bool) error {
	var c errs.Check
	if begins && w.Kind == "" {
		c.That(w.Name != "", "name", "Give the document a name.")
		c.Fits("name", w.Name, mostName)
		c.Fits("purpose", w.Purpose, mostPurpose)
	}
	switch w.Form {
	case Text:
		c.That(strings.TrimSpace(w.Body) != "", "text", "Write something first.")
		c.That(utf8.RuneCountInString(w.Body) <= mostText, "text", "Use at most %d characters, or upload a file.", mostText)
	case Link:
		u, err := url.Parse(w.Body)
		c.That(err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil, "url", "Enter a whole address that begins with https:// or http://, without a password.")
		c.Fits("url", w.Body, mostAddress)
	case File:
	default:
		c.Add("form", "Say whether it is a text, a file or a link.")
	}
	return c.Err()
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Event is what happened to a version of a document: ids, facts and the hash of
// its content, never what it says.
type Event struct {
	Document string `json:"document"`
	Project  string `json:"project"`
	Kind     string `json:"kind,omitempty"`
	Number   int    `json:"number"`
	Form     Form   `json:"form"`
	SHA256   string `json:"sha256"`
	Size     int64  `json:"size"`
	Writer   string `json:"writer"`
	By       string `json:"by"` // who submitted or decided
	Asked    string `json:"asked,omitempty"`
	What     string `json:"-"`
}

// Activity implements activity.Event.
func (e Event) Activity() activity.Meta {
	m := activity.Meta{
		Verb: e.What, Version: 1, SubjectKind: "document", SubjectID: e.Document, Project: e.Project,
		Participants: []activity.Participant{{Person: e.Writer, Role: activity.Led}},
	}
	if e.By != e.Writer {
		role := activity.Contributed
		if e.What == verbSubmitted {
			role = activity.Supported
		}
		m.Participants = append(m.Participants, activity.Participant{Person: e.By, Role: role})
	}
	return m
}

const (
	verbDrafted   = "document.drafted"
	verbSubmitted = "document.submitted"
	verbApproved  = "document.approved"
	verbSentBack  = "document.sent_back"
)
