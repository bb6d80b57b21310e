package ui

import "github.com/a-h/templ"

// described ties a box to its hint and error.
func described(in Input) templ.Attributes {
	a := templ.Attributes{}
	if d := in.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if in.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// boxAttributes are the optional attributes of an input, only those that are set.
func boxAttributes(in Input) templ.Attributes {
	a := templ.Attributes{}
	for name, v := range map[string]string{
		"autocomplete": in.Autocomplete, "placeholder": in.Placeholder, "inputmode": in.InputMode,
		"list": in.List, "min": in.Min, "max": in.Max, "step": in.Step,
	} {
		if v != "" {
			a[name] = v
		}
	}
	return a
}
