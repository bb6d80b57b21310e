package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// errBroken is the answer to a workbook whose parts cannot be read.
var errBroken = refuse("This workbook is damaged. Open it in your spreadsheet program and save it again as .xlsx.")

// Worksheet is a sheet of a workbook.
type Worksheet struct {
	Name   string
	Hidden bool
	part   string
}

// book is an open workbook: its parts, read as streams each time.
type book struct {
	parts     map[string]*zip.File
	main      string // the part that lists the worksheets
	dates     []bool // by style: numbers of it are dates
	since1904 bool
	strings   *texts
	merged    map[string][]span // by part, once read
}

// maxParts bounds the number of files in a workbook.
const maxParts = 5_000

func (f *File) openBook() error {
	archive, err := zip.NewReader(f.r, f.size)
	if err != nil || len(archive.File) > maxParts {
		return errBroken
	}
	b := &book{parts: map[string]*zip.File{}, merged: map[string][]span{}}
	var total uint64
	names := make([]string, len(archive.File))
	for i, p := range archive.File {
		names[i] = p.Name
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(p.Name, `\`, "/"), "/"))] = p
		total += p.UncompressedSize64
	}
	if total > maxUnzip {
		return refuse("Unpacked, this workbook has more than %d MB. Split it, or save the one sheet as .csv.", maxUnzip>>20)
	}
	if err := b.findMain(); err != nil {
		return err
	}
	if err := b.otherBook(names); err != nil {
		return err
	}
	f.book = b
	if f.Sheets, err = b.worksheets(); err != nil {
		return err
	}
	if f.Sheets == nil {
		return refuse("This workbook has no worksheet that can be read.")
	}
	if b.dates, err = b.styles(); err != nil {
		return err
	}
	b.strings, err = b.sharedStrings()
	return err
}

// scan gives the tags of a part, in order; a part that is not there has none.
func (b *book) scan(part string, see func(*scanner) error) error {
	p := b.parts[strings.ToLower(part)]
	if p == nil {
		return nil
	}
	r, err := p.Open()
	if err != nil {
		return errBroken
	}
	defer func() { _ = r.Close() }() // it was only read
	s := newScanner(io.LimitReader(r, maxUnzip))
	for {
		switch err := s.next(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errBroken // a checksum, a wrong length, a tag without an end
		}
		if err := see(s); err != nil {
			return err
		}
	}
}

// relations are the parts that a part names: worksheets by their ids, and others by
// the kind of which a workbook has one.
func (b *book) relations(of string) (sheets, byKind map[string]string, err error) {
	sheets, byKind = map[string]string{}, map[string]string{}
	dir, file := path.Split(of)
	err = b.scan(path.Join(dir, "_rels", file+".rels"), func(s *scanner) error {
		if !s.is("Relationship") {
			return nil
		}
		target := s.attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		target = strings.ToLower(strings.TrimPrefix(target, "/"))
		kind := path.Base(s.attr("Type"))
		if byKind[kind] = target; kind == "worksheet" {
			sheets[s.attr("Id")] = target
		}
		return nil
	})
	return sheets, byKind, err
}

// findMain finds the part that lists the worksheets: not every program calls it
// workbook.xml (ECMA-376, part 2, 9.3).
func (b *book) findMain() error {
	b.main = "xl/workbook.xml"
	_, kinds, err := b.relations("")
	if named := kinds["officeDocument"]; named != "" && b.parts[named] != nil {
		b.main = named
	}
	return err
}

// named finds a part of which a workbook has one, by its kind or its usual name.
func (b *book) named(kind, usual string) (string, error) {
	_, kinds, err := b.relations(b.main)
	if part := kinds[kind]; part != "" && b.parts[part] != nil {
		return part, err
	}
	return usual, err
}

// worksheets lists the sheets that have cells, in the order of their tabs.
func (b *book) worksheets() (out []Worksheet, err error) {
	targets, _, err := b.relations(b.main)
	if err != nil {
		return nil, err
	}
	err = b.scan(b.main, func(s *scanner) error {
		switch {
		case s.is("workbookPr"):
			b.since1904 = s.attr("date1904") == "1" || s.attr("date1904") == "true"
		case s.is("sheet"):
			w := Worksheet{Name: s.attr("name"), Hidden: s.attr("state") == "hidden" || s.attr("state") == "veryHidden", part: targets[s.attr("id")]}
			if b.parts[strings.ToLower(w.part)] != nil && len(out) < maxParts {
				out = append(out, w)
			}
		}
		return nil
	})
	return out, err
}

// styles tells of which cell styles the numbers are dates.
func (b *book) styles() (dates []bool, err error) {
	codes := map[string]string{}
	inCells := false
	part, err := b.named("styles", "xl/styles.xml")
	if err != nil {
		return nil, err
	}
	err = b.scan(part, func(s *scanner) error {
		switch {
		case s.is("numFmt"):
			codes[s.attr("numFmtId")] = s.attr("formatCode")
		case s.is("cellXfs"):
			inCells = true
		case s.ends("cellXfs"):
			inCells = false
		case inCells && s.is("xf") && len(dates) < 1<<16:
			id := s.attr("numFmtId")
			n, _ := strconv.Atoi(id) // a broken number is the general format
			code, own := codes[id]
			dates = append(dates, own && isDateFormat(code) || !own && (n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58))
		}
		return nil
	})
	return dates, err
}

// isDateFormat tells whether a number format shows a day: the format codes of
// ECMA-376, part 1, 18.8.31. Durations and times of day are none.
func isDateFormat(code string) bool {
	var plain strings.Builder
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[' || r == ']':
			bracket = r == '['
		case !bracket:
			plain.WriteRune(r)
		}
	}
	s, _, _ := strings.Cut(plain.String(), ";")
	if strings.Contains(s, "general") {
		return false
	}
	return strings.ContainsAny(s, "yd") || strings.Contains(s, "m") && !strings.ContainsAny(s, "hs0#")
}

// Limits of the texts that the cells of a workbook share, in bytes and in number.
const maxShared, maxSharedTexts = 96 << 20, 4 << 20

// texts are the shared texts of a workbook, packed: a million small texts of
// their own would cost several times their length.
type texts struct {
	blocks [][]byte
	at     []uint64 // where each text begins: its block and, in the lower half, the offset
	length []uint32
	bytes  int
}

const blockSize = 1 << 20

func (t *texts) add(s string) error {
	if t.bytes += len(s); t.bytes > maxShared || len(t.at) >= maxSharedTexts {
		return refuse("The texts of this workbook have more than %d MB. Save the one sheet as .csv.", maxShared>>20)
	}
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+len(s) > cap(t.blocks[last]) {
		t.blocks = append(t.blocks, make([]byte, 0, max(blockSize, len(s))))
		last++
	}
	t.at = append(t.at, uint64(last)<<32|uint64(len(t.blocks[last])))
	t.length = append(t.length, uint32(len(s))) // a text is no longer than maxTextBytes times its runs
	t.blocks[last] = append(t.blocks[last], s...)
	return nil
}

func (t *texts) get(n int) (string, bool) {
	if n < 0 || n >= len(t.at) {
		return "", false
	}
	block, from := t.at[n]>>32, t.at[n]&0xffffffff
	return string(t.blocks[block][from : from+uint64(t.length[n])]), true
}

func (b *book) sharedStrings() (*texts, error) {
	t := &texts{}
	var one runs
	part, err := b.named("sharedStrings", "xl/sharedStrings.xml")
	if err != nil {
		return nil, err
	}
	err = b.scan(part, func(s *scanner) error {
		switch {
		case s.is("si"):
			one = runs{}
			if s.alone() {
				return t.add("")
			}
		case s.ends("si"):
			return t.add(one.text.String())
		default:
			return one.see(s)
		}
		return nil
	})
	return t, err
}

// runs puts together the text of a cell from its runs, without the reading
// aids of Japanese (rPh).
type runs struct {
	text    strings.Builder
	reading bool
}

func (t *runs) see(s *scanner) error {
	switch {
	case s.is("rPh"):
		t.reading = !s.alone()
	case s.ends("rPh"):
		t.reading = false
	case s.ends("t") && !t.reading:
		if t.text.Len()+len(s.text) > maxTextBytes {
			return errBroken
		}
		t.text.WriteString(unescapeX(unescape(s.text)))
	}
	return nil
}
