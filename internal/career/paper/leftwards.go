package paper

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// write sets a text, line under line. What is read from right to left is set in the
// order in which it is seen, since the paper knows of no other.
func (s *sheet) write(height float64, text, border string) {
	text = clean(text)
	if !strings.ContainsFunc(text, leftwards) {
		s.pdf.MultiCell(s.width, height, text, border, "L", false)
		return
	}
	lines := s.pdf.SplitText(text, s.width)
	for i, line := range lines {
		edge, align := "", "L"
		if i == len(lines)-1 {
			edge = border
		}
		line, left := seen(line)
		if left {
			align = "R"
		}
		s.pdf.CellFormat(s.width, height, line, edge, 2, align, false, 0, "")
	}
}

// leftwards reports whether a letter is read from right to left.
func leftwards(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// seen puts the letters of a line in the order in which they are seen; left is whether
// the line begins at the right.
func seen(line string) (out string, left bool) {
	var p bidi.Paragraph
	if n, err := p.SetString(line); err != nil || n < len(line) {
		return line, false
	}
	order, err := p.Order()
	if err != nil {
		return line, false
	}
	runs := make([]bidi.Run, order.NumRuns())
	for i := range runs {
		runs[i] = order.Run(i)
	}
	if left = !p.IsLeftToRight(); left {
		slices.Reverse(runs)
	} else {
		for i := 0; i < len(runs); i++ {
			n := phrase(runs[i:])
			slices.Reverse(runs[i : i+n])
			i += n
		}
	}
	for _, run := range runs {
		if run.Direction() == bidi.RightToLeft {
			out += bidi.ReverseString(run.String())
		} else {
			out += run.String()
		}
	}
	return out, left
}

// phrase is how many runs, from the first, are read from right to left as one: numbers
// between them belong to it.
func phrase(runs []bidi.Run) (n int) {
	for n < len(runs) && runs[n].Direction() == bidi.RightToLeft {
		n++
		if n+1 < len(runs) && !strings.ContainsFunc(runs[n].String(), unicode.IsLetter) {
			n++
		}
	}
	if n > 0 && runs[n-1].Direction() != bidi.RightToLeft {
		n--
	}
	return n
}
