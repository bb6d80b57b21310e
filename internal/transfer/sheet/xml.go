package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The most that one text and one tag of a part may hold, in bytes. A cell of a
// spreadsheet holds 32,767 characters.
const maxTextBytes, maxTagBytes = 1 << 20, 64 << 10

// scanner reads the parts of a workbook tag by tag in little memory. A worksheet
// of a million cells has some ten million tags; encoding/xml takes ten times as
// long for them. It knows as much of XML as these parts use, and refuses
// document types, which they may not have.
type scanner struct {
	r    *bufio.Reader
	text []byte // before the tag
	tag  []byte // without its brackets
	name []byte // of its element, without a prefix
	end  bool   // it ends the element
}

func newScanner(r io.Reader) *scanner { return &scanner{r: bufio.NewReaderSize(r, 64<<10)} }

// next reads up to and with the next tag. After the last it gives io.EOF.
func (s *scanner) next() error {
	s.text = s.text[:0]
	for {
		if err := s.until('<', &s.text, maxTextBytes); err != nil {
			return err
		}
		if err := s.readTag(); err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(s.tag, []byte("![CDATA[")):
			s.text = append(s.text, bytes.TrimSuffix(s.tag[8:], []byte("]]"))...)
		case len(s.tag) > 0 && (s.tag[0] == '?' || bytes.HasPrefix(s.tag, []byte("!--"))): // no content
		case len(s.tag) > 0 && s.tag[0] == '!':
			return errBroken
		default:
			s.nameTag()
			return nil
		}
	}
}

func (s *scanner) nameTag() {
	s.name = s.tag
	if s.end = len(s.name) > 0 && s.name[0] == '/'; s.end {
		s.name = s.name[1:]
	}
	for i, c := range s.name {
		if c <= ' ' || c == '/' {
			s.name = s.name[:i]
			break
		}
	}
	s.name = s.name[bytes.IndexByte(s.name, ':')+1:]
}

// until appends what comes before a byte, and takes the byte.
func (s *scanner) until(end byte, to *[]byte, most int) error {
	for {
		part, err := s.r.ReadSlice(end)
		if err == nil {
			part = part[:len(part)-1]
		}
		if len(*to)+len(part) > most {
			return errBroken
		}
		*to = append(*to, part...)
		if err != bufio.ErrBufferFull { //nolint:errorlint // ReadSlice gives this very value
			return err
		}
	}
}

// readTag reads to the end of a tag; a bracket in quotation marks is none, and
// comments and sections end with their own marks.
func (s *scanner) readTag() error {
	s.tag = s.tag[:0]
	for {
		if err := s.until('>', &s.tag, maxTagBytes+maxTextBytes); err != nil {
			return brokenAtEnd(err)
		}
		var whole bool
		switch {
		case bytes.HasPrefix(s.tag, []byte("!--")):
			whole = len(s.tag) >= 5 && bytes.HasSuffix(s.tag, []byte("--"))
		case bytes.HasPrefix(s.tag, []byte("![CDATA[")):
			whole = bytes.HasSuffix(s.tag, []byte("]]"))
		default:
			whole = bytes.Count(s.tag, []byte{'"'})%2 == 0 && (bytes.Count(s.tag, []byte{'\''})%2 == 0 || bytes.IndexByte(s.tag, '"') >= 0)
			if len(s.tag) > maxTagBytes || bytes.IndexByte(s.tag, '<') >= 0 {
				return errBroken
			}
		}
		if whole {
			return nil
		}
		s.tag = append(s.tag, '>')
	}
}

func brokenAtEnd(err error) error {
	if err == io.EOF { //nolint:errorlint // the reader gives this very value
		return errBroken
	}
	return err
}

// is reports whether the tag begins an element of a name, whatever its prefix.
func (s *scanner) is(name string) bool { return !s.end && string(s.name) == name }

// ends reports whether the tag ends an element of a name.
func (s *scanner) ends(name string) bool { return s.end && string(s.name) == name }

// alone reports whether the element that the tag begins has nothing in it.
func (s *scanner) alone() bool { return len(s.tag) > 0 && s.tag[len(s.tag)-1] == '/' }

// attr gives the value of an attribute of the tag, whatever its prefix; empty if
// it is not there.
func (s *scanner) attr(name string) string {
	for from := 0; ; {
		n := bytes.IndexByte(s.tag[from:], name[0])
		if n < 0 {
			return ""
		}
		at := from + n
		if !bytes.HasPrefix(s.tag[at:], []byte(name)) {
			from = at + 1
			continue
		}
		from = at + len(name)
		if at == 0 || strings.IndexByte(" \t\r\n:", s.tag[at-1]) < 0 || bytes.Count(s.tag[:at], []byte{'"'})%2 == 1 {
			continue
		}
		value, assigned := bytes.CutPrefix(bytes.TrimLeft(s.tag[from:], " \t\r\n"), []byte{'='})
		if !assigned {
			continue
		}
		value = bytes.TrimLeft(value, " \t\r\n")
		if len(value) == 0 || value[0] != '"' && value[0] != '\'' {
			return ""
		}
		if end := bytes.IndexByte(value[1:], value[0]); end >= 0 {
			return unescape(value[1 : end+1])
		}
		return ""
	}
}

// unescape gives a text its characters. A reference that names none stays as it is.
func unescape(b []byte) string {
	if bytes.IndexByte(b, '&') < 0 {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		n := bytes.IndexByte(b, '&')
		end := -1
		if n >= 0 {
			end = bytes.IndexByte(b[n:min(len(b), n+12)], ';')
		}
		if n < 0 {
			out.Write(b)
			break
		}
		out.Write(b[:n])
		b = b[n:]
		r, ok := reference(b, end)
		if !ok {
			out.WriteByte('&')
			b = b[1:]
			continue
		}
		out.WriteRune(r)
		b = b[end+1:]
	}
	return out.String()
}

func reference(b []byte, end int) (rune, bool) {
	if end < 2 {
		return 0, false
	}
	name := string(b[1:end])
	if r, ok := map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}[name]; ok {
		return r, true
	}
	digits, base := strings.TrimPrefix(name, "#"), 10
	if hex := strings.TrimPrefix(digits, "x"); hex != digits {
		digits, base = hex, 16
	}
	n, err := strconv.ParseInt(digits, base, 32)
	return rune(n), err == nil && name[0] == '#' && utf8.ValidRune(rune(n))
}
