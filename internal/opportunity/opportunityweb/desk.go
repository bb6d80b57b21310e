package opportunityweb

import (
	"cairn/internal/kit/clock"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
	"cairn/internal/opportunity"
)

// waits are the places about which the reader can do something now.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.opps.Waiting(r.Context(), r.Who())
	for _, x := range list {
		out = append(out, placeWait(x, w.opps.Today()))
	}
	return out, err
}

func placeWait(x opportunity.Waiting, today clock.Day) ui.Wait {
	w := ui.Wait{Cost: ui.HoldsUp, Title: x.Title, Href: "/opportunities/" + x.Opportunity, When: "Ends " + ui.Date(x.To, today)}
	switch x.Asks {
	case opportunity.ToGive:
		w.Says, w.Why, w.Act = x.Name+" would like to. "+x.ProjectName+".", "until then they cannot plan for it", "Give the place, or not"
	case opportunity.ToAgree:
		w.Says, w.Why, w.Act = x.Name+" named you to agree for their line. "+x.ProjectName+".", "until then they cannot begin", "Agree, or not"
	case opportunity.ToDebrief:
		w.Cost, w.Due = ui.CountsNot, x.To
		w.Says, w.Why, w.Act = "You do it; the debrief makes it evidence. "+x.ProjectName+".", "without it, what you did counts for nothing", "Write the debrief"
	case opportunity.ToConfirm:
		w.Cost = ui.CountsNot
		w.Says, w.Why, w.Act = x.Name+" wrote the debrief. "+x.ProjectName+".", "what they did does not count until then", "Confirm it"
	}
	return w
}
