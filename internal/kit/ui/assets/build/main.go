// Command build makes the browser's files from their sources: bundled, minified,
// named by their content, compressed. Run it from the repository's root:
//
//	go run ./internal/kit/ui/assets/build
package main

import (
	"flag"
	"log"

	"cairn/internal/kit/ui/assets/bundle"
)

func main() {
	src := flag.String("src", "internal/kit/ui/assets/src", "folder of the sources")
	out := flag.String("out", "internal/kit/ui/assets/dist", "folder of the built files, replaced")
	flag.Parse()
	if err := bundle.Build(*src, *out); err != nil {
		log.Fatal(err)
	}
}
