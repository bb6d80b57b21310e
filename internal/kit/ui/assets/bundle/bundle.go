// Package bundle turns the browser's sources into the files that Cairn serves.
// It runs when sources change, never in the product.
package bundle

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Build reads src and replaces out by the built files and their manifest.
func Build(src, out string) error {
	files, err := bundle(src)
	if err != nil {
		return err
	}
	icons, err := os.ReadFile(filepath.Join(src, "icons.svg"))
	if err != nil {
		return err
	}
	files["icons.svg"] = icons
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	manifest := map[string]string{}
	for name, body := range files {
		if err := put(out, name, body, manifest); err != nil {
			return err
		}
	}
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "manifest.json"), append(list, '\n'), 0o644)
}

// bundle runs esbuild over the style sheet and the script. Fonts keep the
// content-hashed names that esbuild gives them.
func bundle(src string) (map[string][]byte, error) {
	abs, err := filepath.Abs(src)
	if err != nil {
		return nil, err
	}
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(abs, "app.css"), filepath.Join(abs, "cairn.js")},
		Bundle:      true, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Outdir: "/", AssetNames: "[name]-[hash]", Format: api.FormatIIFE, Target: api.ES2022,
		Loader: map[string]api.Loader{".woff2": api.LoaderFile}, LegalComments: api.LegalCommentsNone, Charset: api.CharsetUTF8,
	})
	if len(r.Errors) > 0 {
		return nil, errors.New(r.Errors[0].Text)
	}
	files := map[string][]byte{}
	for _, f := range r.OutputFiles {
		files[filepath.Base(f.Path)] = f.Contents
	}
	return files, nil
}

func put(out, name string, body []byte, manifest map[string]string) error {
	served := name
	if !strings.HasSuffix(name, ".woff2") {
		sum := sha256.Sum256(body)
		ext := filepath.Ext(name)
		served = strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:5]) + ext
		manifest[name] = served
		if err := os.WriteFile(filepath.Join(out, served+".gz"), compressed(body), 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, served), body, 0o644)
}

func compressed(body []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a constant that is valid
	_, _ = z.Write(body)                                  // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
