package paper

import (
	"strconv"

	"cairn/internal/kit/activity"
)

// DefaultLimit is how many characters a receiver takes in one description, unless the
// person says otherwise.
const DefaultLimit = 500

const mostLimit = 4000

// The fields of an entry that its receiver reads as one description.
var descriptionParts = []string{"objective", "role", "responsibilities", "outcome"}

var when = []Field{
	{Name: "from", Label: "From", Hint: "A day or a month, such as 2024-03", Type: Day},
	{Name: "to", Label: "To", Hint: "Nothing if it lasts", Type: Day},
}

// Specs are the kinds of papers, in the order in which they are offered.
func Specs() []Spec {
	return []Spec{
		{
			Kind: Application, Name: "Application entries", For: "To apply for a certificate in project management: one entry for each project, with its months and who can verify it",
			Head: []Field{
				{Name: "name", Label: "Your name", Most: 200},
				{Name: "limit", Label: "Characters that the receiver takes in one description", Hint: "Of objective, role, responsibilities and outcome together. Look it up: receivers change it.", Type: Number, Most: 4},
			},
			Sections: []Section{{ID: "entry", Name: "Entries", One: "entry", Fields: applicationFields(), Typed: true}},
			Formats:  []Format{XLSX, PDF},
		},
		{
			Kind: Matrix, Name: "Competency matrix", For: "For a chartered or assessed standing: competency by competency, a level, a statement in your words, and numbered evidence",
			Head: []Field{
				{Name: "name", Label: "Your name", Most: 200},
				{Name: "assessment", Label: "For which assessment", Most: 200},
				{Name: "statement", Label: "Opening statement", Type: Long, Most: 3000},
			},
			Sections: []Section{
				{ID: "competency", Name: "Competencies", One: "competency", Typed: true, Fields: []Field{
					{Name: "title", Label: "Competency, as the receiver calls it", Most: 200},
					{Name: "level", Label: "Level that you claim", Type: Choice},
					{Name: "statement", Label: "Statement, in your words", Type: Long, Most: 3000},
					{Name: "evidence", Label: "Evidence for it", Type: Refs, Most: 4000},
				}},
				{ID: "evidence", Name: "Evidence", One: "piece of evidence", Typed: true, Fields: append([]Field{
					{Name: "title", Label: "What you did, as the annex says it", Type: Long, Most: 2000},
					{Name: "note", Label: "Where its proof is", Most: 500},
				}, when...)},
			},
			Formats: []Format{PDF},
		},
		{
			Kind: CV, Name: "CV", For: "For whoever asks for one: as JSON Resume, which other tools read, and as PDF",
			Head: []Field{
				{Name: "name", Label: "Your name", Most: 200},
				{Name: "label", Label: "What you are, in a few words", Most: 200},
				{Name: "email", Label: "E-mail", Most: 254},
				{Name: "phone", Label: "Telephone", Most: 60},
				{Name: "url", Label: "Address on the web", Hint: "Beginning with https://", Most: 500},
				{Name: "city", Label: "Town", Most: 120},
				{Name: "summary", Label: "Summary", Type: Long, Most: 3000},
			},
			Sections: cvSections(), Formats: []Format{JSON, PDF},
		},
	}
}

func applicationFields() []Field {
	roles := []Option{}
	for _, r := range []activity.RoleInWork{activity.Led, activity.Deputised, activity.Contributed, activity.Supported, activity.Observed} {
		roles = append(roles, Option{string(r), string(r)})
	}
	most := mostLimit
	return append(append([]Field{
		{Name: "title", Label: "Project", Most: 200},
		{Name: "organisation", Label: "Organisation", Most: 200},
		{Name: "post", Label: "Your post", Most: 200},
		{Name: "role_in_work", Label: "Role in the work", Hint: "Only what you led and directed counts.", Type: Choice, Options: roles, Typed: true},
	}, when...),
		Field{Name: "methodology", Label: "Approach", Type: Choice, Options: []Option{{"", "Not said"}, {"predictive", "predictive"}, {"agile", "agile"}, {"hybrid", "hybrid"}}},
		Field{Name: "objective", Label: "Objective of the project", Type: Long, Most: most, Part: true},
		Field{Name: "role", Label: "Your role", Type: Long, Most: most, Part: true},
		Field{Name: "responsibilities", Label: "What you answered for", Type: Long, Most: most, Part: true},
		Field{Name: "outcome", Label: "Outcome", Type: Long, Most: most, Part: true},
		Field{Name: "verifier", Label: "Who can verify it", Most: 200},
		Field{Name: "contact", Label: "How to reach them", Hint: "E-mail or telephone. Ask them before.", Most: 254},
	)
}

func cvSections() []Section {
	text := func(name, label, kind string, most int) Field {
		return Field{Name: name, Label: label, Type: kind, Most: most}
	}
	dated := func(fields ...Field) []Field { return append(fields, when...) }
	return []Section{
		{ID: "work", Name: "Work", One: "post", Typed: true, Fields: dated(text("title", "Post", Line1, 200), text("organisation", "Organisation", Line1, 200), text("summary", "What it was about", Long, 2000))},
		{ID: "project", Name: "Projects and pieces of work", One: "piece of work", Typed: true, Fields: dated(text("title", "Project or piece of work", Line1, 200), text("role", "Your role", Line1, 200), text("summary", "What you did", Long, 2000))},
		{ID: "skill", Name: "Skills", One: "skill", Typed: true, Fields: []Field{text("title", "Skill", Line1, 200), text("level", "How well", Line1, 200), text("keywords", "Words for it, with commas", Line1, 500)}},
		{ID: "education", Name: "Education", One: "education", Typed: true, Fields: dated(text("title", "Subject", Line1, 200), text("organisation", "Where", Line1, 200), text("degree", "Degree", Line1, 200))},
		{ID: "certificate", Name: "Certificates", One: "certificate", Typed: true, Fields: []Field{text("title", "Certificate", Line1, 200), text("organisation", "Issued by", Line1, 200), {Name: "from", Label: "When", Hint: "A day or a month, such as 2024-03", Type: Day}}},
		{ID: "language", Name: "Languages", One: "language", Typed: true, Fields: []Field{text("title", "Language", Line1, 100), text("level", "How well", Line1, 100)}},
	}
}

// Limit is how many characters its receiver takes in one description.
func (p *Paper) Limit() int {
	n, err := strconv.Atoi(p.Values["limit"])
	if err != nil || n < 1 {
		return DefaultLimit
	}
	return n
}
