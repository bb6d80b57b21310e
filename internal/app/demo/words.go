package demo

// words are what project managers write, by the voice of their programme and by
// what the report declares.
var words = map[string]map[string][]string{
	"works": {
		"green": {
			"Crew and contractor kept to the programme; the shutdown went as rehearsed.",
			"All welds of the month passed inspection at the first attempt.",
			"Access agreed with the last two landowners. The compound is set up.",
			"Wet weather cost two days; we won them back by starting the far end early.",
			"The new pumps ran through their first storm without an alarm.",
			"Design is signed off by operations, with three small remarks that are drawn in.",
			"Half the length is in the ground. Nobody was without water this month.",
			"Commissioning began; the first readings agree with the laboratory.",
			"Handover papers for the first section are with operations.",
		},
		"amber": {
			"Permits take longer than planned. We work on what needs none until they come.",
			"The contractor mobilised a week late, and the float covers most of it.",
			"Ground is softer than the boreholes said; the second half needs piles.",
			"The road closure is not confirmed, and the next stage needs it.",
			"One supplier slipped by three weeks. A second one has quoted.",
			"Two design clashes cost a fortnight; both are solved.",
			"Material went up again. Contingency takes it, and not much is left.",
		},
		"red": {
			"The shutdown window is lost, and the next one is in spring.",
			"The contractor gave notice. We hold the site and look for a replacement.",
			"Rock where the survey had clay. The end date cannot be held.",
			"The pressure test failed twice. We do not know why yet.",
		},
	},
	"systems": {
		"green": {
			"The first two teams use it every day, and the old screen is switched off for them.",
			"Test found eleven faults, none that stops us; nine are repaired.",
			"Data of the first region is over and reconciled to the penny.",
			"Training reached 140 people; the questions are written down.",
			"The rehearsal of the change-over took four hours of the eight that we have.",
			"The supplier delivered on the day, and it installed at the first try.",
			"Security review passed, with two remarks that are closed.",
			"Calls about it fell by a third since the last release.",
			"Interfaces to finance and to the works are proven end to end.",
		},
		"amber": {
			"Data is dirtier than the sample: one record in twelve needs a person.",
			"The supplier's release slipped by two weeks; we test what we have.",
			"Two experts are on other work until the month ends.",
			"Acceptance found gaps in the reports that managers need on day one.",
			"The interface works, and is too slow at month end.",
			"A change of scope is with the sponsor. Without a yes this month we lose the slot.",
		},
		"red": {
			"The migration failed its second rehearsal; a third needs a new window.",
			"The supplier cannot deliver what the contract says. Lawyers read it now.",
			"Nobody can say who may see what. We do not go live like this.",
			"The old system lost a night of work and took our testers with it.",
		},
	},
	"office": {
		"green": {
			"Four project managers tried it; three want to keep it.",
			"The draft is half as long as the old one, and nobody misses the rest.",
			"First session held with nine people. What they stumbled over is written down.",
			"Six projects use it. Two asked for it by themselves.",
			"Reviewed with the people who have to live with it.",
			"The old version is withdrawn, and its links lead to the new one.",
		},
		"amber": {
			"Month end took the two people who do this.",
			"The trial project was stopped; we need another one.",
			"Half of those asked have not answered, and the rest disagree.",
			"It works for large projects. For small ones it is still too much.",
		},
		"red": {
			"The trial showed that nobody needs it in this form. We stop, or begin again.",
			"Its owner left, and with them what we had agreed.",
		},
	},
}

// whyDates and whyMoney are reasons for a rating that is not green.
var whyDates = []string{
	"The next milestone waits for a permit that the council has not given.",
	"Late delivery moves the end; two shifts would win half of it back.",
	"The shutdown can only be in low season, so a week lost is a month lost.",
	"We lost three weeks to design changes and have no float left.",
	"The people we need are promised from the first of next month.",
	"Testing takes longer than planned, and I will not shorten it.",
}

var whyMoney = []string{
	"The last tender came in above the estimate.",
	"Steel and pipe went up again; contingency takes part of it.",
	"Two change requests are with the sponsor, and both are in the forecast.",
	"The longer site costs money each week.",
	"Licences cost more than the business case assumed.",
	"We pay agency rates until the vacancy is filled.",
}

var nextSteps = map[string][]string{
	"works": {
		"Order the long-lead items. Walk the site with operations and agree the shutdown dates.",
		"Close the road, lay the crossing, open the road.",
		"Finish the second section and test it before the holidays.",
		"Get the permit, or bring the sponsor two ways without it.",
		"Train the first crew and collect what they stumble over.",
		"Walk the snag list with the contractor; hold the last payment until it is empty.",
	},
	"systems": {
		"Rehearse the change-over with the people who will do it.",
		"Clean the 4,000 records that no rule can clean.",
		"Agree with finance what month end needs on the first day.",
		"Close the two open remarks of the security review.",
		"Bring the forecast to the steering group, with two options.",
		"Move the second team and switch their old screen off.",
	},
	"office": {
		"Try it on two more projects, one of them small.",
		"Ask those who stopped using it why.",
		"Cut what nobody filled in.",
		"Write down how to do it in a page, and let somebody new try.",
	},
}
