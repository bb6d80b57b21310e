package documentweb

import (
	"time"

	"github.com/a-h/templ"

	"cairn/internal/document"
	"cairn/internal/kit/clock"
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

// waits is read once for the desk.
func (w *Web) waits(r *web.Req) ([]document.Waiting, error) {
	return web.Once(r, "documents waiting", func() ([]document.Waiting, error) { return w.docs.Waits(r.Context(), r.Who()) })
}

// deskLead says on the first line of the desk how many documents wait.
func (w *Web) deskLead(r *web.Req, _ string) (templ.Component, error) {
	list, err := w.waits(r)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return leadDocuments(len(list)), nil
}

// deskPanel puts the versions that wait for the reader's approval on their desk.
func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	list, err := w.waits(r)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	today := w.docs.Today()
	return deskDocuments(list, func(d document.Waiting) string {
		n, ok := clock.DaysBetween(time.UnixMicro(d.SubmittedAt).UTC().Format(time.DateOnly), today)
		if !ok || n < 1 {
			return "Since today"
		}
		return "For " + ui.Days(n)
	}), nil
}
