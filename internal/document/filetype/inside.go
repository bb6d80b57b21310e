package filetype

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
)

// mostEntries and mostTypes bound what is looked at in an office file: parts, and
// bytes of their list.
const (
	mostEntries = 10_000
	mostTypes   = 2 << 20
)

// openZip opens an office file and refuses what stands in it under names of
// macros, scripts and active content.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, refuse("The file is damaged. Save it anew from the program that made it.")
	}
	if len(z.File) > mostEntries {
		return nil, refuse("The file holds more parts than a document has.")
	}
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		for _, bad := range []string{"vbaproject", "vbadata", "macrosheets/", "activex/", "basic/", "scripts/", "dialogs/"} {
			if strings.HasPrefix(name, bad) || strings.Contains(name, "/"+bad) {
				return nil, refuse("The file holds macros or scripts. Save it without them.")
			}
		}
	}
	return z, nil
}

// office looks for the main part of an Office Open XML file (ECMA-376) and that
// the list of parts calls it a document without macros.
func office(main, media string) func(io.ReaderAt, int64) error {
	return func(r io.ReaderAt, size int64) error {
		z, err := openZip(r, size)
		if err != nil {
			return err
		}
		types, err := partOf(z, "[Content_Types].xml")
		if err != nil {
			return err
		}
		found := false
		for _, f := range z.File {
			found = found || f.Name == main
		}
		switch list := strings.ToLower(string(types)); {
		case strings.Contains(list, "macroenabled") || strings.Contains(list, "vbaproject"):
			return refuse("The file holds macros. Save it without them.")
		case !found || !strings.Contains(list, media):
			return refuse("The content is not what the name says. Save it anew from the program that made it.")
		}
		return nil
	}
}

func partOf(z *zip.Reader, name string) ([]byte, error) {
	damaged := refuse("The file is damaged. Save it anew from the program that made it.")
	f, err := z.Open(name)
	if err != nil {
		return nil, damaged
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, mostTypes))
	if err != nil {
		return nil, damaged
	}
	return b, nil
}

func checkODF(r io.ReaderAt, size int64) error {
	_, err := openZip(r, size)
	return err
}

// runs are names in a PDF of what happens by itself when it is opened.
var runs = [][]byte{[]byte("/JavaScript"), []byte("/Launch"), []byte("/EmbeddedFile")}

// checkPDF reads the file through. Names inside compressed streams are not seen:
// the scanner is for those.
func checkPDF(r io.ReaderAt, size int64) error {
	return eachWindow(r, size, func(b []byte) error {
		for _, name := range runs {
			if bytes.Contains(b, name) {
				return refuse("The PDF holds scripts, programs or other files. Print it to a new PDF.")
			}
		}
		return nil
	})
}

// checkText reads the file through: no bytes that text does not have, and no
// page, drawing or program under the name of a text.
func checkText(r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, 1024))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	begins := strings.ToLower(strings.TrimLeft(string(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))), " \t\r\n\f"))
	for _, bad := range []string{"<!doctype", "<html", "<svg", "<?xml", "<script", "<head", "<body", "<iframe", "#!"} {
		if strings.HasPrefix(begins, bad) {
			return refuse("The name is that of a text, but the content is a page or a program.")
		}
	}
	return eachWindow(r, size, func(b []byte) error {
		for _, c := range b {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' || c == 0x7f {
				return refuse("The name is that of a text, but the content is none. Save it as text in UTF-8.")
			}
		}
		return nil
	})
}

// eachWindow hands on the whole content in pieces that overlap by more than the
// longest name that is looked for.
func eachWindow(r io.ReaderAt, size int64, look func([]byte) error) error {
	const piece, overlap = 64 << 10, 32
	b := make([]byte, piece)
	for at := int64(0); at < size; at += piece - overlap {
		n, err := r.ReadAt(b[:min(piece, size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err := look(b[:n]); err != nil {
			return err
		}
	}
	return nil
}
