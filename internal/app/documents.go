package app

import "cairn/internal/document/scan"

// NewScanner makes the virus scanner that an address or a command names; nil for
// none.
func NewScanner(address string) (scan.Scanner, error) { return scan.New(address) }
