package bodies

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQuestionsAreTheSentencesThatAsk(t *testing.T) {
	for minutes, want := range map[string][]string{
		"":                      nil,
		"All is well. Nothing.": nil,
		"The sponsor asked what would happen without the second crew. The answer is in the decision.": {"The sponsor asked what would happen without the second crew."},
		"Who runs it? Nobody knew.\nHas anybody walked the site?":                                     {"Who runs it?", "Has anybody walked the site?"},
		"“Who pays?” was on every face":                                                               {"“Who pays?”"},
		"We are tasked with less.":                                                                    nil,
	} {
		if d := cmp.Diff(want, questions(minutes)); d != "" {
			t.Errorf("%q: %s", minutes, d)
		}
	}
}
