// Package errs is the vocabulary of failures. A feature says what kind of
// failure it met and what a person may read about it; the web layer alone turns
// a Kind into a status.
package errs

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind sorts failures by what the caller can do about them.
type Kind uint8

// The kinds. Internal is the zero value, so that an unclassified error is never
// shown to a person as their own mistake.
const (
	Internal             Kind = iota // our fault: logged, never explained
	Invalid                          // the input is wrong; Fields say where
	NotFound                         // absent, or not to be seen by this reader
	Forbidden                        // may be seen, may not be done
	Unauthenticated                  // nobody is signed in
	Conflict                         // somebody else changed it meanwhile (a stale version)
	PreconditionRequired             // a change without the version that it is based on
	TooMany                          // too many attempts; wait
	Unavailable                      // try again later
	Duplicate                        // it was done, or is there, already
)

// String is the stable name of the kind, used in problem documents.
func (k Kind) String() string {
	names := [...]string{
		"internal", "invalid", "not-found", "forbidden", "unauthenticated",
		"conflict", "precondition-required", "too-many", "unavailable", "duplicate",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return "internal"
}

// Field is an error at one place of the input: the name of the form field or
// JSON pointer, and what to do about it.
type Field struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Error carries a kind, words that are safe to show, and the cause.
type Error struct {
	Kind    Kind
	Message string // safe for the reader; empty for Internal
	Fields  []Field
	Err     error         // the cause, for the log only
	Wait    time.Duration // of TooMany: after which trying again makes sense; 0 if unknown
}

// Error implements error. It is for logs; a person reads Message and Fields.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Name, f.Message)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of a kind with words for the reader.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Because makes an error of a kind with words for the reader and a cause for the log.
func Because(k Kind, cause error, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...), Err: cause}
}

// Missing says that a thing is not there, or not for this reader: the same words for both.
func Missing(what string) *Error {
	return New(NotFound, "There is no such %s, or it is not yours to see.", what)
}

// OnField makes an Invalid error about one field.
func OnField(name, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Fields: []Field{{Name: name, Message: fmt.Sprintf(format, args...)}}}
}

// WaitOf gives how long to wait before trying again, 0 if the error does not say.
func WaitOf(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.Wait
	}
	return 0
}

// KindOf finds the kind of an error, Internal when none was stated.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether the error is of the kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// FieldsOf gives the field errors that an error carries.
func FieldsOf(err error) []Field {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// Check collects field errors while a form is read, so that a person sees all
// of them at once.
type Check struct{ fields []Field }

// Add notes an error at a field.
func (c *Check) Add(name, format string, args ...any) {
	c.fields = append(c.fields, Field{Name: name, Message: fmt.Sprintf(format, args...)})
}

// That notes the error unless the condition holds.
func (c *Check) That(ok bool, name, format string, args ...any) {
	if !ok {
		c.Add(name, format, args...)
	}
}

// Fits notes the error if a text has more characters (Unicode code points) than most.
func (c *Check) Fits(name, text string, most int) {
	c.That(utf8.RuneCountInString(text) <= most, name, "Use at most %d characters.", most)
}

// Err gives an Invalid error with every field noted, or nil.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: c.fields}
}
