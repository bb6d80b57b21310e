package document

import (
	"context"
	"fmt"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"cairn/internal/kit/authz"
	"cairn/internal/kit/errs"
)

// Line is a line of a comparison: what went, what came, or what stayed.
type Line struct {
	Op   string // "-", "+" or empty
	Text string
}

// Block is a run of lines that changed, with those around it.
type Block struct{ Lines []Line }

// Comparison is two versions side by side.
type Comparison struct {
	Sheet    Sheet
	From, To Version
	Blocks   []Block // of two texts
	Texts    bool    // both are texts that are still here
	Same     bool    // word for word, or byte for byte
}

// around is how many lines are shown around a change.
const around = 2

// Compare shows what became of a document from one version to another.
func (s *Service) Compare(ctx context.Context, who authz.Actor, id string, from, to int) (c Comparison, err error) {
	if c.Sheet, err = s.Document(ctx, who, id); err != nil {
		return c, err
	}
	a, b := c.Sheet.Version(from), c.Sheet.Version(to)
	if a == nil || b == nil {
		return c, errs.Missing("version")
	}
	c.From, c.To = *a, *b
	c.Same = a.SHA256 == b.SHA256 && a.Form == b.Form
	if c.Texts = a.Form == Text && b.Form == Text && !a.Erased && !b.Erased; c.Texts && !c.Same {
		c.Blocks, err = compare(a.Body, b.Body)
	}
	return c, err
}

func compare(before, after string) (out []Block, err error) {
	before, after = strings.TrimRight(before, "\n")+"\n", strings.TrimRight(after, "\n")+"\n"
	d, err := udiff.ToUnifiedDiff("", "", before, udiff.Lines(before, after), around)
	if err != nil {
		return nil, fmt.Errorf("document: compare: %w", err)
	}
	for _, h := range d.Hunks {
		var b Block
		for _, l := range h.Lines {
			op := ""
			switch l.Kind {
			case udiff.Delete:
				op = "-"
			case udiff.Insert:
				op = "+"
			case udiff.Equal:
			}
			b.Lines = append(b.Lines, Line{op, strings.TrimSuffix(l.Content, "\n")})
		}
		out = append(out, b)
	}
	return out, nil
}
