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
