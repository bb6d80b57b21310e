// Package exchange carries cases and what people answer to them.
package exchange

import (
	"slices"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// The actions of this feature.
const (
	SeeCases     = authz.Action("exchange.see_cases")
	SeeOpenCase  = authz.Action("exchange.see_open_case")
	WriteCase    = authz.Action("exchange.write_case")
	OwnCase      = authz.Action("exchange.own_case")
	OrganiseCase = authz.Action("exchange.organise_case")
	AnswerCase   = authz.Action("exchange.answer_case")
	OwnAnswer    = authz.Action("exchange.own_answer")
)

// Rules is this feature's part of the policy table.
var Rules = []authz.Rule{
	{Action: SeeCases, Says: "Read published cases and their answers", Roles: authz.SignedInRoles},
	{Action: SeeOpenCase, Says: "Read a case that its author opened to everybody", Roles: authz.Everyone},
	{Action: WriteCase, Says: "Write a case of one's own", Roles: []authz.Role{authz.Member, authz.PMOMember, authz.HeadOfPMO, authz.Administrator}},
	{Action: OwnCase, Says: "Change, publish, open, follow up and withdraw one's own case; consent to one that was written for one", Owner: true, Private: true},
	{Action: OrganiseCase, Says: "Write a case for somebody with their consent, add a view and a summary", Roles: []authz.Role{authz.PMOMember, authz.HeadOfPMO}},
	{Action: AnswerCase, Says: "Answer a case, mark an answer as helpful", Roles: []authz.Role{authz.Member, authz.PMOMember, authz.HeadOfPMO, authz.Administrator}},
	{Action: OwnAnswer, Says: "Correct or withdraw one's own answer", Owner: true},
}

// State is where a case stands.
type State string

// The states.
const (
	Draft     State = "draft" // seen by its author and the organiser who wrote it
	Asked     State = "asked" // written for the author, who has not consented yet
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// Label says what an answer is.
type Label string

// Labels are what an answer can be, with their words.
var Labels = []struct {
	ID    Label
	Words string
	Means string
}{
	{"advice", "Advice", "what I would do in your place"},
	{"guidance", "Guidance", "how it is done, or where to look"},
	{"opinion", "Opinion", "what I think of it"},
	{"own_experience", "Own experience", "what happened to me"},
}

// Mark is the label as the look of its chip; own experience looks like advice,
// which rests on it.
func (l Label) Mark() string {
	if l == "own_experience" {
		return "advice"
	}
	return string(l)
}

// Words is the label in the reader's words.
func (l Label) Words() string {
	for _, x := range Labels {
		if x.ID == l {
			return x.Words
		}
	}
	return string(l)
}

// Body is what a case says.
type Body struct {
	Title      string   `json:"-"`
	Background string   `json:"background"`
	Doing      string   `json:"doing"`
	Missing    string   `json:"missing"`
	Questions  []string `json:"questions"`
}

const maxQuestions, maxWords = 10, 10000

func (b Body) check() error {
	var c errs.Check
	c.That(b.Title != "", "title", "Give the case a title.")
	c.Fits("title", b.Title, 200)
	c.That(b.Background != "", "background", "Say where you come from.")
	c.That(len(b.Questions) > 0, "questions", "Ask at least one question, one a line.")
	c.That(len(b.Questions) <= maxQuestions, "questions", "Ask at most %d questions.", maxQuestions)
	for _, t := range []struct{ name, text string }{{"background", b.Background}, {"doing", b.Doing}, {"missing", b.Missing}} {
		c.Fits(t.name, t.text, maxWords)
	}
	for _, q := range b.Questions {
		c.That(utf8.RuneCountInString(q) <= 500, "questions", "Use at most 500 characters for a question.")
	}
	return c.Err()
}

// Case is a case with its answers.
type Case struct {
	ID                       string
	Author, AuthorName       string
	Organiser, OrganiserName string
	State                    State
	Consent                  string
	Open                     bool
	Body
	View, Summary, FollowUp        string
	PublishedAt                    int64 // microseconds UTC
	Version                        int64
	Answers                        []Answer
	Count                          int // answers, in a list
	Earlier                        int // versions before this one
	MayOwn, MayOrganise, MayAnswer bool
}

// Answer is one answer; Question is 0 for the whole case.
type Answer struct {
	ID                 string
	Case               string
	Question           int
	Author, AuthorName string
	Label              Label
	Text               string
	Named              bool // the author's name is shown to readers without an account
	Withdrawn          bool
	At                 int64
	Version            int64
	Helpful            int
	Marked             bool // by the reader
	Mine               bool
}

func (a Answer) check(questions int) error {
	var c errs.Check
	c.That(slices.ContainsFunc(Labels, func(l struct {
		ID    Label
		Words string
		Means string
	},
	) bool {
		return l.ID == a.Label
	}), "label", "Say what your answer is: advice, guidance, opinion or own experience.")
	c.That(a.Text != "", "text", "Write your answer.")
	c.Fits("text", a.Text, maxWords)
	c.That(a.Question >= 0 && a.Question <= questions, "question", "There is no such question.")
	return c.Err()
}

// CaseEvent is the event of a case: who wrote it, who organised it, never what it says.
type CaseEvent struct {
	Case      string `json:"case"`
	Author    string `json:"author"`
	Organiser string `json:"organiser,omitempty"`
	What      string `json:"-"`
}

// Activity implements activity.Event.
func (e CaseEvent) Activity() activity.Meta {
	m := activity.Meta{Verb: e.What, Version: 1, SubjectKind: "case", SubjectID: e.Case, Participants: []activity.Participant{{Person: e.Author, Role: activity.Led}}}
	if e.What == "case.drafted" || e.What == "case.consent_asked" {
		m.Audience = e.Author
	}
	if e.Organiser != "" && e.Organiser != e.Author {
		m.Participants = append(m.Participants, activity.Participant{Person: e.Organiser, Role: activity.Supported})
	}
	return m
}

// AnswerEvent is the event of an answer.
type AnswerEvent struct {
	Case   string `json:"case"`
	Answer string `json:"answer"`
	By     string `json:"by"`
	Label  Label  `json:"label,omitempty"`
	What   string `json:"-"`
}

// Activity implements activity.Event.
func (e AnswerEvent) Activity() activity.Meta {
	return activity.Meta{
		Verb: e.What, Version: 1, SubjectKind: "answer", SubjectID: e.Answer,
		Participants: []activity.Participant{{Person: e.By, Role: activity.Contributed}},
	}
}
