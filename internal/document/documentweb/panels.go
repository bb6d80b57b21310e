package documentweb

import (
	"strconv"

	"github.com/a-h/templ"

	"cairn/internal/document"
	"cairn/internal/kit/ui"
	"cairn/internal/kit/web"
)

// projectPanel is how the documents of a project stand.
func (w *Web) projectPanel(r *web.Req, project string) (templ.Component, error) {
	sh, err := w.docs.Shelf(r.Context(), r.Who(), project)
	if err != nil {
		return nil, err
	}
	return projectDocuments(shelfView{sh, w.docs.Today()}), nil
}

// waits are the versions that wait for the reader's approval.
func (w *Web) waits(r *web.Req) (out []ui.Wait, err error) {
	list, err := w.docs.Waits(r.Context(), r.Who())
	for _, d := range list {
		when := "Since today"
		if n := w.docs.DaysSince(d.SubmittedAt); n > 0 {
			when = "For " + ui.Days(n)
		}
		out = append(out, ui.Wait{
			Cost: ui.CountsNot, Title: d.Name + ", " + d.ProjectName, Href: "/documents/" + d.ID + "/versions/" + strconv.Itoa(d.Number),
			Says: nameOr(d.WriterName) + " asks " + document.AskedWords(d.Asked) + " to approve version " + strconv.Itoa(d.Number) + ".",
			When: when, Why: "until then it does not count as done", Act: "Read and decide",
		})
	}
	return out, err
}
