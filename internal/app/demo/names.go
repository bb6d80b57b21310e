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

// programmes are the six programmes with their projects: the first 25 of each are
// closed in the usual demonstration, the last ten live.
var programmes = []struct {
	Name, Unit, Voice string   // Voice: how its reports speak
	Names             []string // of its projects
	Purposes          []string
}{
	{
		"Network resilience", "Networks", "works",
		[]string{
			"Millbeck trunk main relining", "Pressure management, Carrock high zone", "Southfell service reservoir roof", "Greyrigg booster pumps", "Lead pipe replacement, year 1",
			"Eskmouth twin main crossing", "District meters, western zones", "Standby generators at ten sites", "Ashness treated water tank", "Coniston Road burst main",
			"Lead pipe replacement, year 2", "Telemetry: Upper Tarn", "Valve survey and repair", "Low Wood pumping station rebuild", "Acoustic loggers, town centres",
			"Birkrigg borehole refurbishment", "Telemetry: coast", "Trunk main renewal, Harrow Beck to Dunmere", "Emergency tanker connections", "Hydrants, schools first",
			"Skelgill reservoir drawdown valves", "Network model recalibration", "Chlorine dosing, Fallow Lane", "Leak detection from the air, trial", "Carrock aqueduct inspection",
			"Lead pipe replacement, year 3", "Telemetry: Eastern valleys", "Pumping station resilience, coast", "Reservoir safety, tranche 4", "District meters, Harrow Beck",
			"Smart pressure valves", "Trunk main renewal, Dunmere to Eskmouth", "Southfell tunnel relining", "Drought connection, Upper Tarn", "The last 900 iron mains",
		},
		[]string{
			"Customers in this zone have lost supply three times in two years. Afterwards one burst does not empty their taps.",
			"What is in the ground is past its design life, and each repair costs more than the last. Afterwards it is off the watch list.",
			"The control room learns of a failure when somebody calls. Afterwards it sees it coming.",
		},
	},
	{
		"Clean rivers", "Waste water", "works",
		[]string{
			"Event monitors, first 120 outfalls", "Millbeck inlet screens", "Storm tank at Low Wood", "Nutrient removal, Greyrigg works", "Sludge thickening, Eskmouth",
			"Harrow Beck fish easement", "Odour control, Coniston Road", "Outfall repair, Ashness", "Ultraviolet treatment, Skelgill bay", "Sewer lining, Southfell terraces",
			"Phosphorus removal, Birkrigg", "Storm overflow monitors, phase 1", "Wetland trial, Carrock", "Sludge digester covers", "Misconnections survey, Eskmouth",
			"Pumping station alarms, tideway", "Rising main replacement, Dunmere", "River sampling buoys", "Grit removal, Millbeck", "Biogas engine overhaul",
			"Septage reception, Fallow Lane", "Sewer flooding, Mill Row", "Final effluent reuse, Greyrigg", "Spill reporting to the regulator", "Catchment advice to farms",
			"Storm overflow monitors, phase 2", "Sludge-to-gas pilot, Harrow Beck", "Weir 6 fish pass", "Nutrient removal, Eskmouth works", "Wetland at Low Wood",
			"Storm tank, Southfell park", "Sewer separation, Carrock", "Bathing water, Skelgill bay", "Phosphorus removal, Millbeck", "Overflow 41 closure",
		},
		[]string{
			"The permit tightens, and the works cannot meet it as they stand. Afterwards they do, with a margin.",
			"The river is poorer than the law allows below this point. Afterwards it is not, and the sampling shows it.",
			"Spills here are counted by hand and argued about for weeks. Afterwards there are fewer, and nobody argues about the number.",
		},
	},
	{
		"Customer and billing", "Customer services", "systems",
		[]string{
			"One number for the contact centre", "Paperless billing", "Payment plan redesign", "Meter reading rounds", "Bereavement desk",
			"Moving home online", "Water saving packs", "Call recording replacement", "Market settlement for businesses", "Customer letters in plain words",
			"Debt advice partners", "Text messages in an incident", "Complaint handling, second line", "Smart meters, first 20,000", "Leak allowance online",
			"Priority services data match", "Direct debit switch", "Customer panel", "Web chat trial", "Billing address clean-up",
			"Compensation by rule", "Meter exchange backlog", "New connections portal", "Tariff trial, large families", "Outage map",
			"Billing platform replacement", "Contact centre knowledge base", "Vulnerable customer register", "Smart meters, next 60,000", "Moving home, second release",
			"Payment plans in the app", "Root causes of complaints", "Developer services portal", "Customer survey after each job", "Tariff for social landlords",
		},
		[]string{
			"Customers call twice about what should be done once. Afterwards they do not have to call.",
			"We find out too late who needs help. Afterwards the record says so before a supply fails.",
			"The old way costs £4 a time and goes wrong one time in nine. Afterwards it costs pennies, and errors are seen the same day.",
		},
	},
	{
		"Digital core", "Information technology", "systems",
		[]string{
			"Field tablets, first crews", "Service desk replacement", "Laptop refresh", "Network switch renewal", "Print service exit",
			"Data centre exit, wave 1", "Asset register clean-up", "Mobile signal at the works", "Payroll interface", "Control room patching",
			"Backup and recovery test", "Document store migration", "Map data renewal", "Single sign-on pilot", "Intranet move",
			"Work orders on the phone", "Telephony move", "Data centre exit, wave 2", "Weather feed for operations", "Report server consolidation",
			"Contract register", "Laboratory system upgrade", "Meeting rooms that work", "Works drawings scanned", "Test environment for billing",
			"Identity and access clean-up", "Asset data quality", "Meter data hub", "Integration layer", "Data retention compliance",
			"Field tablets for leakage crews", "Control room video wall", "Finance ledger upgrade", "Data centre exit, wave 3", "Crew scheduling engine",
		},
		[]string{
			"The supplier ends support, and nobody else knows the system. Afterwards it runs on something that we can staff.",
			"The same fact is typed into four systems. Afterwards it is typed once.",
			"An audit found doors that should be shut. Afterwards each has an owner and a record of who went through.",
		},
	},
	{
		"Estates and fleet", "Property and transport", "works",
		[]string{
			"Head office lifts", "Solar roof, Millbeck works", "Depot fencing", "Asbestos removal, Ashness", "Vehicle trackers",
			"Laboratory benches", "Fuel tank removal", "Welfare cabins", "Charging points at head office", "Stores racking",
			"Southfell cottages sale", "Boilers at six sites", "Visitor centre access", "Workshop cranes", "Fire alarms, treatment works",
			"Van racking standard", "Depot consolidation, north", "Security gates", "Lone worker devices", "Head office second floor",
			"Meters in our own buildings", "Roof repairs, Fallow Lane", "Lighting at forty sites", "Tanker wash bay", "Furniture reuse",
			"Depot move to Fallow Lane", "Electric vans, wave 1", "Laboratory move", "Solar at Low Wood reservoir", "Workshop safety works",
			"Head office refit", "Stores: one catalogue", "Tanker fleet renewal", "Heat pumps, Eskmouth works", "Site security, tranche 2",
		},
		[]string{
			"The site no longer fits the work, and an inspector has said so. Afterwards it passes without remarks.",
			"We pay for energy, space and vehicles that we do not use. Afterwards the bill falls by a fifth.",
			"People work around the building. Afterwards they do not notice it.",
		},
	},
	{
		"Better project management", "Project Management Office", "office",
		[]string{
			"One report for all projects", "Risk workshop kit", "Gate criteria rewritten", "Project start checklist", "Cost forecasting guide",
			"Lessons at intake", "Onboarding pack for project managers", "Template clear-out", "Benefits page", "Portfolio on one page",
			"Plan quality check", "Change control in a day", "Steering group terms", "Supplier handover sheet", "Reading a forecast: course",
			"Register clean-up", "Ask-a-project-manager hour", "Small project track", "Month end in a day", "Decision log",
			"Assumptions log trial", "Peer reviews", "Planning tool licences", "Contingency guide", "Closure in one meeting",
			"Report in three minutes", "Fewer controls for small projects", "Lessons library clear-out", "Deputising at steering groups", "Forecast accuracy review",
			"Risks in plain English", "Mentoring pairs", "Gate packs on two pages", "Project manager induction", "Templates with owners",
		},
		[]string{
			"Project managers say that this takes more than it gives. Afterwards they ask for it.",
			"The PMO asks of others what it has not tried itself. Afterwards it has.",
			"Everybody does this in their own way, and nobody learns from it. Afterwards there is one way, and a reason for it.",
		},
	},
}

var phases = []string{"Start up", "Define", "Deliver", "Close"}
