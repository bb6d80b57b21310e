package framework

import (
	"fmt"
	"slices"
	"strings"
)

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 1 << 20

// Problem is one thing that is wrong with a file, in words.
type Problem struct {
	Line  int    // from 1; 0 when it is about the whole
	Path  string // competencies/reporting/application/3/rule
	Says  string // what is wrong and what to do
	Warns bool   // it is worth a thought, and the file can be published all the same
}

// String gives the problem as a line: 12 competencies/reporting/area: ...
func (p Problem) String() string {
	if p.Path == "" {
		return fmt.Sprintf("line %d: %s", max(1, p.Line), p.Says)
	}
	return fmt.Sprintf("line %d, %s: %s", p.Line, p.Path, p.Says)
}

// Problems are all that is wrong, by line.
type Problems []Problem

// Error gives the problems as lines.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// Refused gives those that keep a file from being published.
func (p Problems) Refused() Problems {
	return slices.DeleteFunc(slices.Clone(p), func(x Problem) bool { return x.Warns })
}

// Reading is a file that was read, with where each part of it stands, so that
// whoever looks at it further can name the line.
type Reading struct {
	Framework *Framework // nil if the file has not the form of a framework
	Problems  Problems
	lines     map[string]int
}

// maxProblems bounds what is said about one file.
const maxProblems = 100

// Say adds a problem at a path. What is not in the file is named at what holds it.
func (r *Reading) Say(path, format string, args ...any) { r.add(false, path, format, args...) }

// Warn adds something that is worth a thought and refuses nothing.
func (r *Reading) Warn(path, format string, args ...any) { r.add(true, path, format, args...) }

func (r *Reading) add(warns bool, path, format string, args ...any) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, Problem{r.Line(path), path, fmt.Sprintf(format, args...), warns})
	}
}

// Line is where a path stands, or the nearest part that holds it.
func (r *Reading) Line(path string) int {
	for p := path; ; {
		if line, ok := r.lines[p]; ok {
			return line
		}
		cut := strings.LastIndexByte(p, '/')
		if cut < 0 {
			return 1
		}
		p = p[:cut]
	}
}

// Sound reports whether nothing found so far refuses the file.
func (r *Reading) Sound() bool { return r.Framework != nil && len(r.Problems.Refused()) == 0 }

// Sorted gives the problems by line.
func (r *Reading) Sorted() Problems {
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return a.Line - b.Line })
	return r.Problems
}

// near proposes the word that was perhaps meant.
func near(word string, known []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is how many letters have to be changed, added or left out.
func distance(a, b string) int {
	if len(a) > 60 || len(b) > 60 {
		return 60
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
