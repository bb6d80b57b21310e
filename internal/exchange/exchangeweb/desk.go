package exchangeweb

import (
	"cairn/internal/exchange"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// waits are the cases that wait for the reader.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.cases.Waiting(r.Context(), r.Who())
	for _, x := range list {
		out = append(out, caseWait(x))
	}
	return out, err
}

func caseWait(x exchange.Waiting) ui.Wait {
	w := ui.Wait{Title: x.Title, Href: "/cases/" + x.ID, When: "No date"}
	switch x.Asks {
	case exchange.ToConsent:
		w.Cost, w.Says, w.Why, w.Act = ui.HoldsUp, x.OrganiserName+" wrote this case for you and asks for your consent.", "nobody can answer it until then", "Read and decide"
	case exchange.ToRead:
		w.Cost, w.Says, w.Why, w.Act = ui.CountsNot, ui.Count(x.New, "new answer", "new answers")+" to your case.", "who answered learns only by your mark that it helped", "Read, and mark what helps"
	case exchange.ToFollowUp:
		w.Cost, w.Says, w.Why, w.Act = ui.CountsNot, ui.Count(x.Count, "answer came", "answers came")+"; nobody knows what you did in the end.", "the next reader learns from how it went", "Say how it went"
	case exchange.ToHelp:
		w.Cost, w.Says, w.Why, w.Act = ui.HoldsUp, "Nobody has answered the case that you organised.", "its author waits for a first word", "Answer, or ask somebody"
	}
	return w
}
