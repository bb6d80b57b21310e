package portfolio

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
	"cairn/internal/kit/fold"
)

// Definition is a custom field as the organisation defined it.
type Definition struct {
	FieldInfo
	Position int // 1 is first
	Version  int64
}

// customPrefix tells custom fields from those of every register.
const customPrefix = "x_"

// CustomTypes are the types that a custom field can have, with their words in
// forms, in the API and in the store.
var CustomTypes = []struct {
	Type        Type
	Name, Label string
}{
	{Text, "text", "Text"},
	{Number, "number", "Number"},
	{Money, "money", "Money, in the project's currency"},
	{Date, "date", "Date"},
	{Choice, "choice", "Choice of a list"},
	{PersonRef, "person", "Person"},
}

// TypeName is the word of a custom field's type.
func TypeName(t Type) string {
	for _, c := range CustomTypes {
		if c.Type == t {
			return c.Name
		}
	}
	return ""
}

// TypeNamed finds the type of a word.
func TypeNamed(name string) (Type, bool) {
	for _, c := range CustomTypes {
		if c.Name == name {
			return c.Type, true
		}
	}
	return 0, false
}

// IsCustom reports whether the field is one that an organisation defined.
func (f Field) IsCustom() bool { return strings.HasPrefix(string(f), customPrefix) }

var notWord = regexp.MustCompile(`[^\pL\pN]+`)

const maxLabel, maxChoices, maxCustom = 60, 200, 100

// slug makes the id of a custom field from its first label.
func slug(label string) Field {
	return Field(customPrefix + strings.Trim(notWord.ReplaceAllString(fold.Key(label), "_"), "_"))
}

// reserved are labels that mean something else in files and lists.
var reserved = func() map[string]bool {
	out := map[string]bool{"cairn id": true, "as at": true, "id in the source": true, "id": true, "version": true}
	for _, i := range Fields {
		out[fold.Key(i.Label)] = true
	}
	for _, k := range Kinds {
		out[fold.Key(k.Label)] = true
	}
	return out
}()

// check refuses a definition that would not work, by the names of the form.
func (d Definition) check() error {
	var c errs.Check
	c.That(d.Label != "", "label", "Enter a label.")
	c.Fits("label", d.Label, maxLabel)
	c.That(!strings.ContainsAny(d.Label, "\n\r\t"), "label", "Keep the label on one line.")
	c.That(d.Label == "" || len(slug(d.Label)) > len(customPrefix), "label", "Use at least one letter or digit.")
	c.That(!reserved[fold.Key(d.Label)], "label", "Cairn has a field of this name already. Choose another label.")
	c.That(TypeName(d.Type) != "", "type", "Choose one of the types.")
	c.Fits("hint", d.Hint, maxText)
	c.That(!d.Sortable || d.Type != PersonRef, "sortable", "Lists do not sort by people. Filter by the person instead.")
	d.checkChoices(&c)
	return c.Err()
}

func (d Definition) checkChoices(c *errs.Check) {
	if d.Type != Choice {
		c.That(len(d.Choices) == 0, "choices", "Only a choice has choices.")
		return
	}
	c.That(len(d.Choices) > 0, "choices", "Enter the choices, one a line.")
	c.That(len(d.Choices) <= maxChoices, "choices", "Enter at most %d choices.", maxChoices)
	seen := map[string]bool{}
	for _, one := range d.Choices {
		key := fold.Key(one)
		c.That(key != "", "choices", "A choice needs a text.")
		c.That(utf8.RuneCountInString(one) <= maxText, "choices", "Use at most %d characters for a choice.", maxText)
		c.That(!seen[key], "choices", "%q is there twice.", clipped(one))
		seen[key] = true
	}
}

func clipped(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

func (f Facts) anyCustom() bool {
	for name := range f {
		if name.IsCustom() {
			return true
		}
	}
	return false
}

// canonical gives the facts with values as they are kept: 12.50 is 12.5, a choice
// has its own letters, gbp is GBP.
func (f Facts) canonical(custom []FieldInfo) Facts {
	out := f.Merge(nil)
	if v, stated := f[Currency]; stated {
		v.Text = strings.ToUpper(v.Text)
		out[Currency] = v
	}
	for _, i := range custom {
		v, stated := f[i.Field]
		switch {
		case !stated:
			continue
		case i.Type == Number:
			v.Text = plainNumber(v.Text)
		case i.Type == Choice:
			if at := slices.IndexFunc(i.Choices, func(c string) bool { return fold.Key(c) == fold.Key(v.Text) }); at >= 0 && v.Text != "" {
				v.Text = i.Choices[at]
			}
		}
		out[i.Field] = v
	}
	return out
}

var decimalText = regexp.MustCompile(`^(-?)0*(\d*)(?:\.(\d*?)0*)?$`)

// plainNumber writes a decimal without what does not count: 012.50 is 12.5.
// What is no number is given back as it is.
func plainNumber(s string) string {
	m := decimalText.FindStringSubmatch(s)
	if m == nil || !strings.ContainsAny(s, "0123456789") {
		return s
	}
	whole, part := m[2], m[3]
	if whole == "" {
		whole = "0"
	}
	if part != "" {
		part = "." + part
	}
	if whole+part == "0" {
		return "0"
	}
	return m[1] + whole + part
}

// numberText is a number as it is kept; a spreadsheet keeps 15 digits of it.
var numberText = regexp.MustCompile(`^-?\d{1,12}(\.\d{1,6})?$`)

// numberKey gives text that sorts as the numbers do; ok is false for what is no
// number that can be kept.
func numberKey(s string) (key string, ok bool) {
	if !numberText.MatchString(s) {
		return "", false
	}
	whole, part, _ := strings.Cut(s, ".")
	if len(strings.TrimLeft(whole+part, "-0")) > 15 {
		return "", false
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", 6-len(part)), 10, 64)
	return intKey(n), err == nil
}

// intKey writes a whole number so that text sorts as numbers do.
func intKey(n int64) string { return fmt.Sprintf("%020d", uint64(n)^1<<63) } // the sign bit is turned, so that negative numbers come first

// sortKey is the form by which lists sort a custom value; a missing value sorts
// before every other. A choice sorts by its place in the list of choices.
func (i FieldInfo) sortKey(v Value) string {
	if v.Text == "" {
		return ""
	}
	switch i.Type {
	case Number:
		key, _ := numberKey(v.Text)
		return key
	case Money:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		if err != nil {
			return ""
		}
		return intKey(n)
	case Date:
		return v.Text
	case Choice:
		if at := slices.Index(i.Choices, v.Text); at >= 0 {
			return fmt.Sprintf("%04d", at)
		}
		return "9999 " + fold.Sort(v.Text) // a choice that is no longer offered
	default:
		return fold.Sort(v.Text)
	}
}

// customJSON is the custom part of the facts as the store keeps it, empty for none.
func (f Facts) customJSON() (string, error) {
	custom := Facts{}
	for name, v := range f {
		if name.IsCustom() && v != (Value{}) {
			custom[name] = v
		}
	}
	if len(custom) == 0 {
		return "", nil
	}
	b, err := json.Marshal(custom)
	return string(b), err
}

// addCustom reads what customJSON wrote.
func (f Facts) addCustom(custom string) error {
	if custom == "" {
		return nil
	}
	return json.Unmarshal([]byte(custom), &f)
}

// FieldDefined is the event of a new custom field, or of one that was changed,
// retired or brought back: its id and never its words.
type FieldDefined struct {
	Field   Field    `json:"field"`
	New     bool     `json:"new,omitempty"`
	Changed []string `json:"changed,omitempty"`
}

// Activity implements activity.Event.
func (e FieldDefined) Activity() activity.Meta {
	verb := "custom_field.changed"
	if e.New {
		verb = "custom_field.added"
	}
	return activity.Meta{Verb: verb, Version: 1, SubjectKind: "custom_field", SubjectID: string(e.Field)}
}
