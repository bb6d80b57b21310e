package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// sampleSize is how much of a CSV file decides about its delimiter, in bytes.
const sampleSize = 256 << 10

// dialect is how a CSV file is written.
type dialect struct {
	encoding encoding.Encoding // nil is UTF-8
	comma    rune
	width    int  // how many cells most rows have
	oldMac   bool // rows end with a carriage return alone
	skipHint bool // the first line is "sep=;"
}

func sniff(r io.Reader) (*dialect, error) {
	all := bufio.NewReaderSize(r, sampleSize)
	head, err := all.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	d := &dialect{}
	if d.encoding, err = encodingOf(head, all); err != nil {
		return nil, err
	}
	text := string(head)
	if d.encoding != nil {
		decoded, err := d.encoding.NewDecoder().Bytes(head)
		if err != nil {
			return nil, refuse("The text of this file cannot be read. Save it as UTF-8.")
		}
		text = string(decoded)
	}
	text = strings.TrimPrefix(text, "\ufeff")
	d.oldMac = endsInCarriageReturns(text)
	if hint, ok := strings.CutPrefix(text, "sep="); ok && hint != "" {
		d.skipHint, d.comma = true, []rune(hint)[0]
		_, d.width = delimiter(text, d.oldMac, d.comma)
		return d, nil
	}
	d.comma, d.width = delimiter(text, d.oldMac, ',', ';', '\t', '|')
	return d, nil
}

// endsInCarriageReturns tells whether rows end with a carriage return alone, as those of
// old Macs. Line ends within quotation marks are a cell's own, and a few without are
// somebody's line breaks.
func endsInCarriageReturns(text string) bool {
	quoted, returns, others := false, 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			others++
		case c == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
			returns++
		}
	}
	return returns > 0 && returns >= others
}

// encodingOf reads the whole file: a byte that is no UTF-8 may come late.
func encodingOf(head []byte, all io.Reader) (encoding.Encoding, error) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return unicode.UTF8BOM, nil // also repairs what is no UTF-8
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.UseBOM), nil
	}
	even, odd := 0, 0
	for i, b := range head {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	switch quarter := len(head) / 4; {
	case odd > quarter:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), nil
	case even > quarter:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), nil
	}
	if ok, err := validUTF8(all); err != nil || ok {
		return nil, err
	}
	return charmap.Windows1252, nil
}

func validUTF8(r io.Reader) (bool, error) {
	buf, kept := make([]byte, 64<<10), 0
	for {
		n, err := r.Read(buf[kept:])
		n += kept
		end := n
		for end > 0 && n-end < utf8.UTFMax && !utf8.RuneStart(buf[end-1]) {
			end--
		}
		if end > 0 && !utf8.FullRune(buf[end-1:n]) {
			end-- // a character that the next read completes
		} else {
			end = n
		}
		if !utf8.Valid(buf[:end]) {
			return false, nil
		}
		kept = copy(buf, buf[end:n])
		if errors.Is(err, io.EOF) {
			return kept == 0, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// delimiter tries each and takes the one that cuts the first rows into the most
// columns of the same number, which is the width.
func delimiter(text string, oldMac bool, each ...rune) (best rune, width int) {
	if oldMac {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	best, bestScore := each[0], 0.0
	for _, comma := range each {
		r := csv.NewReader(strings.NewReader(text))
		r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
		widths := map[int]int{}
		rows := 0
		for rows < 60 {
			row, err := r.Read()
			if err != nil {
				break
			}
			rows++
			widths[len(row)]++
		}
		for w, n := range widths {
			if score := float64(w-1) * float64(n*n) / float64(max(rows, 1)); score > bestScore {
				best, width, bestScore = comma, w, score
			}
		}
	}
	return best, width
}

func (f *File) csvRows(yield func(Row, error) bool) {
	r := f.reader()
	if f.csv.encoding != nil {
		r = f.csv.encoding.NewDecoder().Reader(r)
	}
	buffered := bufio.NewReader(r)
	if bom, _, err := buffered.ReadRune(); err == nil && bom != '\ufeff' {
		_ = buffered.UnreadRune() // cannot fail right after a read
	}
	r = buffered
	if f.csv.oldMac {
		r = &carriageReturns{r}
	}
	row := &bounded{r: r}
	c := csv.NewReader(row)
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = f.csv.comma, -1, true, true
	number, end := 0, 0
	for {
		row.left = maxRow
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Row{}, refuse("The file cannot be read after row %d: a quotation mark is not closed, perhaps.", number))
			return
		}
		line, _ := c.FieldPos(0)
		number += max(1, line-end)
		end = line
		cells := make([]string, len(record))
		for i, s := range record {
			if len(s) > maxCell {
				yield(Row{}, refuse("Row %d has a cell of more than %d KB. A quotation mark is not closed, perhaps.", number, maxCell>>10))
				return
			}
			end += strings.Count(s, "\n")
			cells[i] = unguard(clean(s))
		}
		raw := row.take(c.InputOffset())
		if f.csv.skipHint && number == 1 {
			continue
		}
		if !yield(Row{Number: number, Cells: cells, Odd: f.csv.brokenQuotes(raw, cells)}, nil) {
			return
		}
	}
}

// brokenQuotes tells of a row in which a quotation mark is not closed, or not where
// the cell ends: it may have swallowed cells, or the rows that follow. Marks within a
// cell of a row of the usual width are only badly written ("the "big" one").
func (d *dialect) brokenQuotes(raw []byte, cells []string) string {
	swallows, suspicious := len(cells) != d.width, false
	for _, s := range cells {
		suspicious = suspicious || strings.ContainsAny(s, "\"\n")
		for i, line := range strings.Split(s, "\n") {
			swallows = swallows || i > 0 && strings.ContainsRune(line, d.comma)
		}
	}
	if !suspicious || !swallows {
		return ""
	}
	strict := csv.NewReader(bytes.NewReader(raw))
	strict.Comma, strict.FieldsPerRecord = d.comma, -1
	if _, err := strict.Read(); !errors.Is(err, csv.ErrQuote) {
		return ""
	}
	if n := bytes.Count(bytes.TrimRight(raw, "\r\n"), []byte{'\n'}); n > 0 {
		return fmt.Sprintf("A quotation mark in this row is not closed, so that the %d lines after it seem to belong to it. Mend it in the file.", n)
	}
	return "A quotation mark in this row is not closed, so that several cells seem to be one. Mend it in the file."
}

// bounded ends a row that never ends, before it fills the memory. It keeps what was
// read, as it stands in the file, until that is taken.
type bounded struct {
	r     io.Reader
	left  int
	kept  []byte
	taken int64
}

// take gives what was read up to an offset and not taken yet.
func (b *bounded) take(to int64) []byte {
	n := min(int(to-b.taken), len(b.kept))
	out := b.kept[:n]
	b.kept, b.taken = b.kept[n:], to
	return out
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errors.New("sheet: the row is too long")
	}
	n, err := b.r.Read(p)
	b.left -= n
	b.kept = append(b.kept, p[:n]...)
	return n, err
}

// carriageReturns makes the row ends of old Macs plain.
type carriageReturns struct{ r io.Reader }

// Read implements io.Reader.
func (c *carriageReturns) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}
