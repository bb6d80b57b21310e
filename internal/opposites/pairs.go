package opposites

import (
	_ "embed"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed pairs.yaml
var pairsFile []byte

// End is one end of a pair, a scale of its own.
type End struct {
	ID         string   `yaml:"id"`
	Name       string   `yaml:"name"`
	Behaviours []string `yaml:"behaviours"` // what can be seen of it
	Questions  []string `yaml:"questions"`
	Overuse    string   `yaml:"overuse"` // what too much of it looks like
}

// Pair is two ends and what to ask when they stand in a certain way.
type Pair struct {
	ID      string   `yaml:"id"`
	Ends    [2]End   `yaml:"ends"`
	Both    []string `yaml:"both"`
	Neither []string `yaml:"neither"`
	First   []string `yaml:"first"`  // the first end is far above the second
	Second  []string `yaml:"second"` // the other way round
}

var readPairs = sync.OnceValue(func() (out []Pair) {
	if err := yaml.Unmarshal(pairsFile, &out); err != nil {
		panic("opposites: pairs.yaml: " + err.Error()) // it is part of the program
	}
	return out
})

// Pairs are the six pairs.
func Pairs() []Pair { return readPairs() }

// Ends are the twelve ends, in the order of the pairs.
func Ends() (out []End) {
	for _, p := range Pairs() {
		out = append(out, p.Ends[:]...)
	}
	return out
}

func known(end string) bool {
	for _, e := range Ends() {
		if e.ID == end {
			return true
		}
	}
	return false
}
