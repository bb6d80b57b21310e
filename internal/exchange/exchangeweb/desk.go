package exchangeweb

import (
	"github.com/a-h/templ"

	"cairn/internal/kit/web"
)

// deskPanel puts cases that wait for the reader's consent on their desk.
func (w *Web) deskPanel(r *web.Req, _ string) (templ.Component, error) {
	list, err := w.cases.Asked(r.Context(), r.Who())
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return deskCases(list), nil
}
