package portfolioweb

import (
	"cairn/internal/kit/web"
	"cairn/internal/portfolio"
)

// export sends the list of an address as a file.
func (w *Web) export(r *web.Req) error {
	f, err := w.filter(r.R.URL.Query())
	if err != nil {
		return err
	}
	format := portfolio.Format(or(r.Query("format"), "xlsx"))
	b, err := w.register.Export(r.Context(), r.Who(), f, format)
	if err != nil {
		return err
	}
	return r.File(format.MediaType(), "projects-"+or(f.AsAt, w.register.Today())+"."+string(format), b)
}
