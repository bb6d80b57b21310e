package web

import "mime"

// File answers with a file to keep.
func (r *Req) File(mediaType, name string, content []byte) error {
	h := r.W.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	_, err := r.W.Write(content)
	return err
}
