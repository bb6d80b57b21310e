// Package filetype says whether a file is of a kind that documents are kept in:
// by its name and by what it holds, which must agree. What runs when it is
// opened (macros, scripts, active content) is refused.
package filetype

import (
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"cairn/internal/kit/errs"
)

// kind is one that is allowed: the media type it is served as, what its content
// is recognised as, and what more is looked at.
type kind struct {
	media string
	found []string
	check func(r io.ReaderAt, size int64) error
}

const (
	word  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	point = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	odf   = "application/vnd.oasis.opendocument."
)

// kinds are what is allowed, by extension.
var kinds = map[string]kind{
	".pdf":  {"application/pdf", []string{"application/pdf"}, checkPDF},
	".docx": {word, []string{word, "application/zip"}, office("word/document.xml", word+".main+xml")},
	".xlsx": {excel, []string{excel, "application/zip"}, office("xl/workbook.xml", excel+".main+xml")},
	".pptx": {point, []string{point, "application/zip"}, office("ppt/presentation.xml", point+".main+xml")},
	".odt":  {odf + "text", []string{odf + "text"}, checkODF},
	".ods":  {odf + "spreadsheet", []string{odf + "spreadsheet"}, checkODF},
	".odp":  {odf + "presentation", []string{odf + "presentation"}, checkODF},
	".png":  {"image/png", []string{"image/png"}, nil},
	".jpg":  {"image/jpeg", []string{"image/jpeg"}, nil},
	".csv":  {"text/csv", nil, checkText},
	".txt":  {"text/plain", nil, checkText},
	".md":   {"text/markdown", nil, checkText},
}

// Names are the extensions that are allowed, for the reader; Accept is the same
// for a box that chooses a file.
const (
	Names  = "PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, PNG, JPG, CSV, TXT or MD"
	Accept = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg,.csv,.txt,.md"
)

// sniffed is how much of the beginning of a file says what it is, in bytes.
const sniffed = 3072

// Check gives the media type of a file that is allowed. An Invalid error on the
// field "file" says why one is not.
func Check(name string, r io.ReaderAt, size int64) (media string, err error) {
	ext := strings.ToLower(path.Ext(name))
	if ext == ".jpeg" {
		ext = ".jpg"
	}
	k, ok := kinds[ext]
	switch {
	case slices.Contains([]string{".docm", ".xlsm", ".pptm", ".dotm", ".xltm", ".potm", ".ppsm", ".xlsb"}, ext):
		return "", refuse("Files with macros are not kept. Save it without macros, as %s.", Names)
	case !ok:
		return "", refuse("Files of this type are not kept. Save it as %s.", Names)
	case size == 0:
		return "", refuse("The file is empty.")
	}
	head := make([]byte, min(size, sniffed))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	found := mimetype.Detect(head)
	if k.found != nil && !slices.ContainsFunc(k.found, found.Is) {
		return "", refuse("The name ends in %s, but the content is something else. Save it anew from the program that made it.", ext)
	}
	if k.check != nil {
		if err := k.check(r, size); err != nil {
			return "", err
		}
	}
	return k.media, nil
}

func refuse(format string, args ...any) error { return errs.OnField("file", format, args...) }
