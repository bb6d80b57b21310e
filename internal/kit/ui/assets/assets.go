// Package assets holds the browser's files as built, embedded into the program.
package assets

import "embed"

// Dist is the folder that the build writes: files named by their content, gzip
// variants beside them, and manifest.json with the names.
//
//go:embed dist
var Dist embed.FS
