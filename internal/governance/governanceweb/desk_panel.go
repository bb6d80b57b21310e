package governanceweb

import (
	"cairn/internal/governance"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// gateWaits are conditions and reviews that wait for the reader.
func (w *Web) gateWaits(r *web.Req) (out []ui.Wait, err error) {
	d, err := w.gov.GatesDesk(r.Context(), r.Who())
	for _, c := range d.Due {
		out = append(out, ui.Wait{
			Cost: ui.Blocks, Due: c.Due, Mark: deskMark(c.Overdue(d.Today)), Title: c.Words, Href: "/conditions/" + c.ID,
			Says: "Your condition of " + governance.GateLabel(c.Gate) + ", " + c.ProjectName + ". Proof asked: " + c.Proof + ".",
			When: dueSays(c, d.Today), Why: "until it is closed the next gate cannot be passed", Act: "Hand in the proof",
		})
	}
	for _, c := range d.Settle {
		out = append(out, ui.Wait{
			Cost: ui.Blocks, Due: c.Due, Mark: deskMark(c.Overdue(d.Today)), Title: c.Words, Href: "/conditions/" + c.ID,
			Says: c.GivenByName + " handed in the proof of a condition that you set at " + governance.GateLabel(c.Gate) + ", " + c.ProjectName + ".",
			When: ui.Date(c.Due, d.Today), Why: "it blocks until you close or waive it", Act: "Look and close",
		})
	}
	for _, c := range d.Left {
		out = append(out, ui.Wait{
			Cost: ui.Blocks, Due: c.Due, Mark: deskMark(c.Overdue(d.Today)), Title: c.Words, Href: "/conditions/" + c.ID,
			Says: or(c.OwnerName, "Its owner") + " has left with this condition of " + governance.GateLabel(c.Gate) + ", " + c.ProjectName + ". The project manager can hand in the proof, or who set it waives it.",
			When: dueSays(c, d.Today), Why: "until it is closed the next gate cannot be passed", Act: "See to it",
		})
	}
	for _, s := range d.Overspent {
		out = append(out, ui.Wait{
			Cost: ui.Blocks, Due: d.Today, Mark: deskMark(true), Title: s.Name + " spends more than it may", Href: "/projects/" + s.Project + "/gates", Says: spendingSays(s) + ".",
			When: "today", Why: "the money was released on a condition that is open", Act: "Close the condition",
		})
	}
	for _, v := range d.Reviews {
		out = append(out, ui.Wait{
			Cost: ui.Blocks, Due: v.MeetsOn, Title: governance.GateLabel(v.Gate) + ": " + v.Name, Href: "/gates/reviews/" + v.ID, Says: reviewWants(v),
			When: meetsSay(v, d.Today), Why: "the project waits for the decision", Act: "Open the review",
		})
	}
	return out, err
}

// controlWaits are waivers to decide or to give an opinion on, waivers that end
// soon, findings that are due, and gaps of the reader's projects.
func (w *Web) controlWaits(r *web.Req) (out []ui.Wait, err error) {
	v, err := w.gov.WaitsFor(r.Context(), r.Who())
	if err != nil || v.Empty() {
		return nil, err
	}
	names, err := w.gov.ControlNames(r.Context(), r.Who())
	if err != nil {
		return nil, err
	}
	today := w.gov.Today()
	asked := func(x governance.Waiver, title, act string) ui.Wait {
		return ui.Wait{
			Cost: ui.HoldsUp, Title: title + or(names[x.Control], x.Control), Href: "/waivers#w-" + x.ID, Says: x.ProjectName + ", asked by " + x.AskedByName + " until " + ui.Date(x.To, today) + ".",
			When: "No date", Why: "until then the gap stands and nobody knows whether it may", Act: act,
		}
	}
	for _, x := range v.Decide {
		out = append(out, asked(x, "Decide about a waiver: ", "Decide"))
	}
	for _, x := range v.Opine {
		out = append(out, asked(x, "Say what you think of a waiver: ", "Say it"))
	}
	for _, x := range v.Ending {
		out = append(out, ui.Wait{
			Cost: ui.Hides, Due: x.To, Title: "A waiver ends: " + or(names[x.Control], x.Control), Href: "/projects/" + x.Project + "/controls/" + x.Control, Says: x.ProjectName + ".",
			When: ui.Date(x.To, today), Why: "then the gap is open again", Act: "Show it, or ask anew",
		})
	}
	for _, f := range v.Findings {
		out = append(out, findingWait(f, or(names[f.Control], f.Control), today))
	}
	for _, g := range v.Gaps {
		out = append(out, ui.Wait{
			Cost: ui.Hides, Title: g.Name, Href: "/projects/" + g.Project + "/controls", Says: or(names[g.Worst], g.Worst) + andMore(g.Gaps) + ": due, and nothing shows it.",
			When: ui.Count(g.Gaps, "gap", "gaps"), Why: "nobody can rely on what is not shown", Act: "See what is asked",
		})
	}
	return out, nil
}

func findingWait(f governance.Finding, control string, today string) ui.Wait {
	w := ui.Wait{
		Cost: ui.HoldsUp, Due: f.Due, Title: "Finding: " + firstWords(f.Words), Href: "/projects/" + f.Project + "/controls/" + f.Control, Says: f.ProjectName + ", " + control + ".",
		When: ui.Date(f.Due, today), Why: "until it is closed the control is in doubt", Act: "See to it",
	}
	if f.Due == "" {
		w.Cost, w.When = ui.Hides, "No date"
	} else {
		w.Mark = deskMark(f.Due < today)
	}
	return w
}
