package paper

import (
	"bytes"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/text/unicode/norm"

	"cairn/internal/kit/clock"
)

// sheet is A4 paper with a footer. The library and its fonts are used nowhere else,
// and read when something is printed.
type sheet struct {
	pdf   *fpdf.Fpdf
	width float64 // of the text, in millimetres
}

const margin, bottom = 20.0, 22.0

// total stands for the number of pages until it is known: a letter that no text has.
const total = "\ue000"

func newSheet(title, author string, on clock.Day) *sheet {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, bottom)
	pdf.SetLang("en-GB")
	pdf.SetTitle(clean(title), true)
	pdf.SetAuthor(clean(author), true)
	pdf.SetProducer("Cairn", true)
	pdf.SetCatalogSort(true)
	if at, err := time.Parse(time.DateOnly, on); err == nil {
		pdf.SetCreationDate(at)
		pdf.SetModificationDate(at)
	}
	pdf.AliasNbPages(total)
	s := &sheet{pdf: pdf}
	w, _ := pdf.GetPageSize()
	s.width = w - 2*margin
	foot := clean(title)
	if author != "" {
		foot = clean(author) + ", " + foot
	}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-14)
		s.font("", 8, 96)
		pdf.CellFormat(s.width-30, 5, shortened(pdf, foot, s.width-32), "", 0, "L", false, 0, "")
		pdf.CellFormat(30, 5, "Page "+itoa(pdf.PageNo())+" of "+total, "", 0, "R", false, 0, "")
	})
	pdf.AddPage()
	return s
}

// shortened cuts a line at what fits.
func shortened(pdf *fpdf.Fpdf, text string, width float64) string {
	if pdf.GetStringWidth(text) <= width {
		return text
	}
	r := []rune(text)
	for len(r) > 0 && pdf.GetStringWidth(string(r)+"…") > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// clean composes letters, so that each has its glyph, and replaces what a font of the
// basic plane cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		case r > 0xfffd, string(r) == total:
			return 0x25a1
		}
		return r
	}, norm.NFC.String(s))
}

func (s *sheet) font(style string, size float64, grey int) {
	s.pdf.SetFont("sans", style, size)
	s.pdf.SetTextColor(grey, grey, grey)
}

func (s *sheet) title(text, sub string) {
	s.font("B", 18, 20)
	s.write(8, text, "")
	if sub != "" {
		s.font("", 10, 80)
		s.write(5, sub, "")
	}
	s.pdf.Ln(3)
}

// part begins a part of the paper; it can be reached from the outline.
func (s *sheet) part(text string) {
	s.room(30)
	s.pdf.Ln(2)
	s.pdf.Bookmark(clean(text), 0, -1)
	s.font("B", 13, 20)
	s.write(7, text, "B")
	s.pdf.Ln(2)
}

func (s *sheet) heading(text string) {
	s.room(24)
	s.font("B", 11, 20)
	s.write(5.5, text, "")
}

func (s *sheet) small(text string) {
	if text == "" {
		return
	}
	s.font("", 9, 80)
	s.write(4.5, text, "")
}

func (s *sheet) text(text string) {
	if text == "" {
		return
	}
	s.font("", 10, 20)
	s.write(5, text, "")
}

// labelled is a text under its label; nothing where there is no text.
func (s *sheet) labelled(label, text string) {
	if text == "" {
		return
	}
	s.room(12)
	s.font("B", 8.5, 80)
	s.write(4.5, label, "")
	s.text(text)
	s.pdf.Ln(0.8)
}

func (s *sheet) gap() { s.pdf.Ln(3) }

// room begins a page where less than so many millimetres are left.
func (s *sheet) room(mm float64) {
	if _, h := s.pdf.GetPageSize(); s.pdf.GetY()+mm > h-bottom {
		s.pdf.AddPage()
	}
}

func (s *sheet) bytes() ([]byte, error) {
	var b bytes.Buffer
	err := s.pdf.Output(&b)
	return b.Bytes(), err
}
