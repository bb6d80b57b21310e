package app

// persona is somebody of the demonstration organisation whom a visitor can enter as.
type persona struct{ Email, Name, Post, Wants, Try string }

// demoFive are the people offered on the front page, the analyst first.
var demoFive = []persona{
	{"ines.calloway@demo.invalid", "Ines Calloway", "PMO analyst, three years, never managed a project", "to challenge a green that is not green, and to know what to do next", "See where three years have led; keep, word or drop what the work proposes; see what one more experience would open"},
	{"marit.osei@demo.invalid", "Marit Osei", "Head of PMO", "one page of what needs attention, and numbers that open", "Read the portfolio; import a register"},
	{"tomasz.wielandt@demo.invalid", "Tomasz Wielandt", "Project manager", "to report in three minutes and get something back", "Report on three projects on one page"},
	{"gwen.ashdown-reyes@demo.invalid", "Gwen Ashdown-Reyes", "Sponsor", "what changed, on one page each", "Read a red one; print it"},
	{"rafe.adjei-brandt@demo.invalid", "Rafe Adjei-Brandt", "Administrator", "accounts that work, and nothing that is not theirs to see", "Invite somebody; look for a career and find none"},
}
