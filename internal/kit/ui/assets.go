package ui

import (
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"cairn/internal/kit/ui/assets"
)

var manifest = sync.OnceValue(func() map[string]string {
	raw, err := assets.Dist.ReadFile("dist/manifest.json")
	if err != nil {
		panic("ui: the built assets are not embedded: " + err.Error())
	}
	m := map[string]string{}
	if err := json.Unmarshal(raw, &m); err != nil {
		panic("ui: manifest: " + err.Error())
	}
	return m
})

// AssetPath is the address of a built file; it changes with the file's content.
func AssetPath(name string) string { return "/assets/" + manifest()[name] }

// Handler serves the built files. Their names change with their content, so
// browsers keep them for good.
func Handler() http.Handler {
	dist, err := fs.Sub(assets.Dist, "dist")
	if err != nil {
		panic("ui: " + err.Error())
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/assets/")
		body, err := fs.ReadFile(dist, name)
		if err != nil || strings.HasSuffix(name, ".gz") || name == "manifest.json" {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", contentType(name))
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		if zipped, err := fs.ReadFile(dist, name+".gz"); err == nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = zipped
		}
		_, _ = w.Write(body) //nolint:gosec // a file of this program; the reader may be gone
	})
}

func contentType(name string) string {
	if strings.HasSuffix(name, ".woff2") {
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}
