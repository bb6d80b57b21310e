package ui

import "strings"

// ragOrder gives each rating of the five-point scale its height; a rating that
// is not there has none.
var ragOrder = map[string]int{"green": 1, "amber_green": 2, "amber": 3, "amber_red": 4, "red": 5}

// RAGLabel is a rating in words.
func RAGLabel(v string) string {
	switch v {
	case "green":
		return "Green"
	case "amber_green":
		return "Amber/Green"
	case "amber":
		return "Amber"
	case "amber_red":
		return "Amber/Red"
	case "red":
		return "Red"
	}
	return "Not assessed"
}

func ragClass(v string) string {
	switch v {
	case "green", "amber_green":
		return "g"
	case "amber":
		return "a"
	case "amber_red", "red":
		return "r"
	}
	return ""
}

// Watermelon reports the split: declared green, computed red.
func Watermelon(declared, computed string) bool {
	d, c := ragOrder[declared], ragOrder[computed]
	return d > 0 && d <= 2 && c >= 4
}

func lower(s string) string { return strings.ToLower(s) }

func stoneLabel(kind string) string {
	switch kind {
	case "filled":
		return "recorded by work"
	case "half":
		return "confirmed by a person"
	case "hollow":
		return "own word"
	}
	return "missing"
}

// cairnBars are the four stones of a level, from the ground.
var cairnBars = []struct{ x, y, width string }{{"1", "21.5", "24"}, {"2", "14.8", "20"}, {"6.3", "8", "15"}, {"8.1", "1.2", "9"}}
