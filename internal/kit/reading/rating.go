package reading

import (
	"strings"
	"unicode"
)

var ratingWords = map[string]string{
	"g": "green", "green": "green", "a": "amber", "amber": "amber", "yellow": "amber", "y": "amber", "r": "red", "red": "red",
	"ag": "amber_green", "ga": "amber_green", "ambergreen": "amber_green", "greenamber": "amber_green",
	"ar": "amber_red", "ra": "amber_red", "amberred": "amber_red", "redamber": "amber_red",
	"lowrisk": "green", "moderatelylowrisk": "amber_green", "mediumrisk": "amber", "moderatelyhighrisk": "amber_red", "highrisk": "red",
	"ontrack": "green", "atrisk": "amber", "offtrack": "red",
}

// Rating reads a rating in any of its spellings: "Amber/Red", "amber-red",
// "A/R", "GREEN". It gives one of red, amber_red, amber, amber_green, green; ok
// is false for anything else, which is then the reason why there is none.
func Rating(s string) (rating string, ok bool) {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if unicode.IsLetter(r) {
			b.WriteRune(r)
		}
	}
	rating, ok = ratingWords[strings.TrimSuffix(b.String(), "rating")]
	return rating, ok
}

// RiskRating gives the five numbers by which chief information officers of the
// US government rate investments their words: 5 is low risk, 1 is high (IT
// Dashboard, "Evaluation by Agency CIO"). Any other text is left as it is.
func RiskRating(s string) string {
	words := map[string]string{"5": "green", "4": "amber/green", "3": "amber", "2": "amber/red", "1": "red"}
	if w, ok := words[strings.TrimSpace(s)]; ok {
		return w
	}
	return s
}

// Scale tells how many points the ratings of a column have: five if any stands
// between the three.
func Scale(values []string) string {
	for _, v := range values {
		if r, ok := Rating(v); ok && strings.HasPrefix(r, "amber_") {
			return "5"
		}
	}
	return "3"
}
