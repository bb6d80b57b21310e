package demo

const terms = "The group steers the programme: it decides on money beyond a project's tolerance, on dates that others depend on, and on what a project stops doing.\n\nIt meets every eight weeks. Papers come five working days before. What it decides is recorded on the day, with who carries it out and by when."

const authority = "all that is on the agenda; money beyond the programme's contingency comes back to me"

// steeringDecisions are what steering groups decide, with why.
var steeringDecisions = [][2]string{
	{"A second crew for ten weeks", "It buys nine days before the date that cannot move, and fits the contingency."},
	{"Accept the higher price of concrete", "From contingency; the case still holds at six in a hundred more."},
	{"The shutdown moves to spring", "A week lost in autumn is a month lost; operations can carry it in April."},
	{"No change of scope before acceptance", "Two changes were asked for. Both can follow, and neither may hold the date."},
	{"Replace the supplier of the control panels", "The second delivery was late as well, and the next one has quoted."},
	{"Hold the last payment until the snag list is empty", "Eleven points are open, three of them about safety."},
	{"Take the option for two more sites", "The price stands until the end of the quarter, and the crews are there."},
}

// asked are the actions of steering groups, tasks those of project meetings.
var asked = []string{
	"Bring the new forecast to the next meeting", "Tell the regulator of the new date", "Agree with operations who is on call", "Find out what the permit waits for",
	"Compare the two quotes on one page", "Write down what we learnt from the first site", "Name the owner of the benefit",
}

var tasks = []string{
	"Walk the site with operations", "Order the long-lead items", "Send the drawings for review", "Close the two open remarks of the design", "Book the road closure",
	"Get the test plan signed", "Ask the landowner for access in May", "Clean the list of open points", "Book the trainers", "Check the invoice of the contractor",
}

var projectDecisions = []string{
	"Begin at the far end", "Test in two steps and not in three", "Weekly instead of daily calls", "Use the pumps from the store", "Ask for one week more before handover",
}

var minutesOf = []string{
	"We read the forecast together. Most of the hour went to the permit; nobody doubts the rest of the plan.",
	"Short meeting. The contractor reported. Operations asked in which weeks the shutdown falls, and who tells the customers. Has anybody walked the site since the rain?",
	"We went through the open points one by one. Three are closed, one is older than a month and got an owner.",
	"The sponsor asked what would happen without the second crew. The answer is in the decision.",
	"Testing goes well. What worries us is handover: the people who are to run it are promised and not named. Who takes the call on the first Sunday?",
}

var proofs = []string{
	"the signed paper is in the project's folder", "photos are in the project's folder", "operations confirmed it by mail", "on the agenda of the next meeting, with numbers", "seen on site with the contractor",
}

var delays = []string{"waits for the landowner", "the person who knows is on leave", "the supplier asked for two weeks", "month end came first"}
