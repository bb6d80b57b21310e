package demo

// Organisation is the invented company of the demonstration.
const Organisation = "Tarn Valley Water"

// firstNames and lastNames make up the people; nobody real is meant.
var firstNames = []string{
	"Aisling", "Bertil", "Calder", "Dorothea", "Emeka", "Fionnuala", "Gethin", "Hana", "Idris", "Jorunn", "Kwame", "Linnea",
	"Mei-Lin", "Nadir", "Oluchi", "Priya", "Quentin", "Rosamund", "Sunniva", "Tadeusz", "Ursel", "Vikram", "Wren", "Xanthe", "Yusuf", "Zofia",
	"Alasdair", "Beatriz", "Callum", "Damaris",
}

var lastNames = []string{
	"Adeyemi-Holt", "Brackenridge", "Castellan", "Dahlquist", "Eskdale", "Fenwright", "Garsdale", "Harrowgate", "Iversleigh", "Jankelow",
	"Kovarik", "Llorens-Pike", "Marlowe", "Nandakishore", "Okonjo", "Penhallow", "Quarrington", "Rydal", "Strahl", "Tarrant", "Underhill",
	"Vantongeren", "Wetherlam", "Yarlside",
}

// programmes are the six programmes with what their projects are about.
var programmes = []struct {
	Name, Unit string
	Things     []string
	Works      []string
}{
	{
		"Network resilience", "Networks",
		[]string{"Trunk main", "Pumping station", "District meters", "Service reservoir", "Lead pipes", "Pressure zones"},
		[]string{"renewal", "resilience", "replacement", "refurbishment", "telemetry"},
	},
	{
		"Clean rivers", "Waste water",
		[]string{"Storm overflow", "Sludge treatment", "Nutrient removal", "Outfall", "Wetland", "Event monitors"},
		[]string{"upgrade", "pilot", "phase 2", "monitoring", "rebuild"},
	},
	{
		"Customer and billing", "Customer services",
		[]string{"Billing", "Contact centre", "Vulnerable customers", "Smart meters", "Payment plans", "Moving home"},
		[]string{"platform", "knowledge base", "self-service", "data clean-up", "roll-out"},
	},
	{
		"Digital core", "Information technology",
		[]string{"Asset data", "Identity and access", "Integration layer", "Field tablets", "Data retention", "Service desk"},
		[]string{"migration", "quality", "replacement", "consolidation", "move to the cloud"},
	},
	{
		"Estates and fleet", "Property and transport",
		[]string{"Depot", "Electric vans", "Head office", "Laboratory", "Stores", "Workshops"},
		[]string{"move", "wave 1", "refit", "energy saving", "safety works"},
	},
	{
		"Better project management", "Project Management Office",
		[]string{"Report template", "Risk workshop kit", "Gate criteria", "Lessons at intake", "Onboarding pack", "Cost forecasting guide"},
		[]string{"redesign", "trial", "roll-out", "review"},
	},
}

var places = []string{
	"Harrow Beck", "Fallow Lane", "Eastern valleys", "Coniston Road", "Upper Tarn", "Millbeck", "Southfell", "Greyrigg", "Low Wood", "Ashness",
	"Birkrigg", "Carrock", "Dunmere", "Eskmouth", "Skelgill",
}

var phases = []string{"Start up", "Define", "Deliver", "Close"}

var schedules = []string{
	"Everything that was due this month is done.",
	"The contractor mobilised a week late; the float covers it.",
	"Permits took longer than planned. The end date moves unless we work in two shifts.",
	"Design review found two clashes; both are solved and drawn.",
	"The next milestone depends on a road closure that the council has not confirmed.",
}

var costs = []string{
	"Spend follows the plan.",
	"Steel went up again; contingency takes it.",
	"Two change requests are with the sponsor; both are in the forecast.",
	"The last tender came in above the estimate.",
	"We hold back the final payment until the snags are closed.",
}

var nextSteps = []string{
	"Sign off the design and order the long-lead items.",
	"Walk the site with operations and agree the shutdown dates.",
	"Close the three open risks that have no owner.",
	"Train the first crew and collect what they stumble over.",
	"Bring the forecast to the steering group with two options.",
}
