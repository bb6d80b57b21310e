package app

// persona is somebody of the demonstration organisation whom a visitor can enter as.
type persona struct{ Email, Name, Post, Why string }

// demoFive are the people offered on the front page, the analyst first.
var demoFive = []persona{
	{"ines.calloway@demo.invalid", "Ines Calloway", "PMO analyst", "Three years in the PMO, never managed a project. See where she stands and what one more experience would open."},
	{"marit.osei@demo.invalid", "Marit Osei", "Head of PMO", "Import a register, see what needs attention, assign people."},
	{"tomasz.wielandt@demo.invalid", "Tomasz Wielandt", "Project manager", "Report on three projects in as many minutes."},
	{"gwen.ashdown-reyes@demo.invalid", "Gwen Ashdown-Reyes", "Sponsor", "Read what changed, on one page each."},
	{"rafe.adjei-brandt@demo.invalid", "Rafe Adjei-Brandt", "Administrator", "Accounts and settings; no confidential project and no career."},
}

// frontAnswer is an answer to the case on the front page.
type frontAnswer struct{ Label, Text string }

// theCase is the case on the front page, in Cairn's own words.
type theCase struct {
	Background, Missing string
	Questions           []string
	Answers             []frontAnswer
}

var frontCase = theCase{
	Background: "I came to the PMO three years ago to support IT projects: meetings, reports, templates, then controls and governance. Now we are a centre of excellence, with tools, training and guidance. I see quickly which control is missing, and I can build a process that people follow.",
	Missing:    "I have never run a project myself. Project managers tell us that we do not know their day, and that our governance does not fit it.",
	Questions: []string{
		"Do I have to become a project manager first?",
		"Is there a way that starts from what I already do?",
		"What should I do next?",
	},
	Answers: []frontAnswer{
		{"Own experience", "I ran one small project, with our own templates. I threw two of them away afterwards, and nobody has told me since that I do not know the day-to-day."},
		{"Advice", "Treat the PMO's improvements as projects: a scope, a date, a sponsor, the reports that you ask of others. That is project management, and it is already on your desk."},
		{"Guidance", "Offer to stand in for a project manager at one steering group. Ask for the brief, the limits of what you may decide, and ten minutes afterwards."},
		{"Opinion", "You see more projects in a year than a project manager sees in ten. It is not a must to have managed one; it does add roles to the ones you qualify for."},
	},
}
