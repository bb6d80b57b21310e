package organisation

import (
	_ "embed" // the list is part of the program
	"strings"
)

// zoneNames are the names of the IANA time zone database that say a place, one
// a line (public domain, iana.org/time-zones).
//
//go:embed zones.txt
var zoneNames string

// Zones lists the time zones that can be chosen.
func Zones() []string { return strings.Fields(zoneNames) }
