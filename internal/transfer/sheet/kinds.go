package sheet

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
)

// What a file is, its content tells: exports of many systems are web pages that are
// called .xls. What is no table is refused with what to do about it.

var looksLikeJSON = regexp.MustCompile(`^\s*(\[\s*[\[{]|\{\s*")`)

// magic are the first bytes of kinds of file that people take for a table.
var magic = []struct{ begins, says string }{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This workbook is protected by a password, or has the old .xls format. Save it as .xlsx without a password."},
	{"%PDF", "This is a PDF. Save the table as .xlsx or .csv."},
	{"\x89PNG", "This is a picture. Give the table itself as .xlsx or .csv."},
	{"\xff\xd8\xff", "This is a picture. Give the table itself as .xlsx or .csv."},
	{"GIF8", "This is a picture. Give the table itself as .xlsx or .csv."},
	{"{\\rtf", "This is a text document. Copy its table into a spreadsheet and save that as .xlsx."},
	{"\x1f\x8b", "This is a packed file. Unpack it and give the table in it."},
	{"7z\xbc\xaf\x27\x1c", "This is a packed file. Unpack it and give the table in it."},
	{"Rar!\x1a\x07", "This is a packed file. Unpack it and give the table in it."},
}

// otherKind refuses a file whose beginning shows that it is no text of a table.
func otherKind(head []byte) error {
	for _, m := range magic {
		if bytes.HasPrefix(head, []byte(m.begins)) {
			return refuse("%s", m.says)
		}
	}
	text := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")))
	const again = " Open it in your spreadsheet program and save it as .xlsx."
	switch {
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<table"):
		return refuse("This is a web page, whatever its name says.%s", again)
	case strings.HasPrefix(text, "<?xml") && strings.Contains(text, "spreadsheet"):
		return refuse("This is an XML spreadsheet of 2003.%s", again)
	case strings.HasPrefix(text, "<?xml"):
		return refuse("This is an XML file. Save the table as .xlsx or .csv.")
	case looksLikeJSON.MatchString(text):
		return refuse("This is a JSON file. Save the table as .xlsx or .csv, or send its records to the API.")
	}
	return nil
}

// otherBook refuses an archive that is no workbook which can be read.
func (b *book) otherBook(names []string) error {
	has := func(name string) bool { return b.parts[name] != nil }
	switch {
	case has("xl/workbook.bin"):
		return refuse("This is a binary workbook (.xlsb). Save it as .xlsx or .csv.")
	case has("content.xml"):
		return refuse("This is an OpenDocument file. Save it as .xlsx or .csv.")
	case has("encryptioninfo") || has("encryptedpackage"):
		return refuse("This workbook is protected by a password. Save it without one.")
	case has("word/document.xml") || has("ppt/presentation.xml"):
		return refuse("This is a document or a presentation. Copy its table into a spreadsheet and save that as .xlsx.")
	case has("index/document.iwa"):
		return refuse("This is a Numbers document. Export it as .xlsx.")
	case b.parts[b.main] != nil:
		return nil
	case !has("[content_types].xml"):
		if i := slices.IndexFunc(names, isTable); i >= 0 {
			return refuse("This is a ZIP archive. Unpack it and give the table in it, such as %s.", clipped(path.Base(names[i])))
		}
	}
	return refuse("This is no workbook that can be read. Save the table as .xlsx or .csv.")
}

func isTable(name string) bool {
	return slices.Contains([]string{".csv", ".xlsx", ".xls", ".txt", ".tsv", ".xlsm"}, strings.ToLower(path.Ext(name)))
}
