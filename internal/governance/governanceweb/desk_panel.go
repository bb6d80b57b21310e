package governanceweb

import (
	"github.com/a-h/templ"

	"cairn/internal/governance"
	"cairn/internal/kit/web"
)

type deskView struct {
	governance.Waiting
	Today string
	Names map[string]string
}

// deskPanel shows what waits for the reader: waivers to decide or to give an
// opinion on, waivers that end soon, findings that are due, gaps of their projects.
func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	wait, err := w.gov.WaitsFor(r.Context(), r.Who())
	if err != nil || wait.Empty() {
		return nil, err
	}
	names, err := w.gov.ControlNames(r.Context(), r.Who())
	if err != nil {
		return nil, err
	}
	return desk(deskView{Waiting: wait, Today: w.gov.Today(), Names: names}), nil
}
