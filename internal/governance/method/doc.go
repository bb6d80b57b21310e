// Package method reads, checks, evaluates and compares a PMO's method: the dial,
// phases, gates, roles, controls, documents, rhythm, authority, quorum and load.
//
// A method is one text, a YAML file that a person may export, edit and import
// again; the text is what is stored, so that comments survive. Read checks all of
// it and says what is wrong with line and column; Load is for a text that was
// checked before. Everything else is computed from a *Method, which never changes
// after it was read and may be shared between goroutines.
//
// The vocabulary of facts (content/facts.yaml) is the product's, not a method's:
// it is the contract between the features that count something and the rules that
// ask for it.
package method
