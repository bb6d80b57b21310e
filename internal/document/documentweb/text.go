package documentweb

import (
	"regexp"
	"strings"
)

// block is a part of a text as it is shown: a heading, a list or a paragraph.
type block struct {
	Kind  string // h, ul, ol or p
	Lines []string
}

var (
	heading  = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)
	bullet   = regexp.MustCompile(`^\s*[-*]\s+(.+)$`)
	numbered = regexp.MustCompile(`^\s*\d{1,3}[.)]\s+(.+)$`)
)

// blocks reads the little that texts are written in: "## Heading", "- item",
// "1. item", and paragraphs between empty lines. Everything else is words.
func blocks(text string) (out []block) {
	open := false // the last block goes on
	add := func(kind, line string) {
		if last := len(out) - 1; open && out[last].Kind == kind {
			out[last].Lines = append(out[last].Lines, line)
			return
		}
		out, open = append(out, block{kind, []string{line}}), true
	}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		if line == "" {
			open = false
		} else if m := heading.FindStringSubmatch(line); m != nil && m[1] != "" {
			open = false
			add("h", m[1])
			open = false
		} else if m := bullet.FindStringSubmatch(line); m != nil {
			add("ul", m[1])
		} else if m := numbered.FindStringSubmatch(line); m != nil {
			add("ol", m[1])
		} else {
			add("p", line)
		}
	}
	return out
}
