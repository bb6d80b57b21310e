package transferweb

import (
	"cairn/internal/kit/web"
	"cairn/internal/transfer"
)

// export sends the list of an address as a file.
func (w *Web) export(r *web.Req) error {
	format := transfer.Format(r.Query("format"))
	if format == "" {
		format = transfer.XLSX
	}
	b, err := w.files.Export(r.Context(), r.Who(), format, r.Query)
	if err != nil {
		return err
	}
	day := r.Query("as_at")
	if day == "" {
		day = w.files.Today()
	}
	return r.File(format.MediaType(), "projects-"+day+"."+string(format), b)
}

// compared sends what differs between two dates as a file.
func (w *Web) compared(r *web.Req) error {
	format := transfer.Format(r.Query("format"))
	if format == "" {
		format = transfer.XLSX
	}
	b, err := w.files.ExportCompared(r.Context(), r.Who(), format, r.Query)
	if err != nil {
		return err
	}
	return r.File(format.MediaType(), "changes-"+w.files.Today()+"."+string(format), b)
}
