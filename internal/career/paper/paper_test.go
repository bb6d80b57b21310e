package paper

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"cairn/internal/kit/activity"
	"cairn/internal/kit/errs"
)

const today = "2026-11-28"

func drawMonth(t *rapid.T, name string) string {
	return fmt.Sprintf("%04d-%02d", rapid.IntRange(2019, 2027).Draw(t, name+" year"), rapid.IntRange(1, 12).Draw(t, name+" month"))
}

func drawLine(t *rapid.T) Line {
	l := Line{Section: "entry", Values: map[string]string{"from": drawMonth(t, "from")}}
	if rapid.Bool().Draw(t, "ends") {
		l.Values["to"] = drawMonth(t, "to")
	}
	role := rapid.SampledFrom([]activity.RoleInWork{activity.Led, activity.Deputised, activity.Contributed, activity.Supported, activity.Observed}).Draw(t, "role")
	if rapid.Bool().Draw(t, "of evidence") {
		l.Source = "group/x"
		l.Facts = Facts{Role: role, Leads: rapid.Bool().Draw(t, "leads")}
		l.Values["role_in_work"] = "led" // whatever is typed beside evidence
		return l
	}
	l.Values["role_in_work"] = string(role)
	return l
}

// No month counts twice, none is counted of work that was not led and directed, and
// none that is still to come.
func TestMonthsLedHaveTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Paper{Kind: Application, Today: today, Lines: rapid.SliceOfN(rapid.Custom(drawLine), 0, 8).Draw(t, "lines")}
		counted := map[string]bool{}
		sum := 0
		for i := range p.Lines {
			l := &p.Lines[i]
			if l.Counts() != (l.WhyNot() == "") {
				t.Fatal("a line that does not count has to say so")
			}
			if l.Counts() && (l.Role() != activity.Led || l.Source != "" && !l.Facts.Leads) {
				t.Fatal("support counts as led")
			}
			months := l.Months(today)
			for m := range months {
				if m > today[:7] || m < l.Values["from"] || l.Values["to"] != "" && m > l.Values["to"] {
					t.Fatalf("%s is outside of %v", m, l.Values)
				}
				if l.Counts() {
					counted[m] = true
				}
			}
			if l.Counts() {
				sum += len(months)
			}
		}
		got := p.MonthsLed()
		if got != len(counted) || got > sum {
			t.Fatalf("%d months, of %d different ones and %d in all", got, len(counted), sum)
		}
		twice := p
		twice.Lines = append(slices.Clone(p.Lines), p.Lines...)
		if twice.MonthsLed() != got {
			t.Fatal("the same again adds months")
		}
		slices.Reverse(twice.Lines)
		if twice.MonthsLed() != got {
			t.Fatal("the order matters")
		}
	})
}

func TestSupportIsSaidOnEachEntry(t *testing.T) {
	for _, c := range []struct {
		line Line
		want string
	}{
		{Line{Source: "group/a", Facts: Facts{Role: activity.Led, Leads: true}}, ""},
		{Line{Values: map[string]string{"role_in_work": "led"}}, ""},
		{Line{Source: "group/a", Facts: Facts{Role: activity.Supported, Leads: true}}, "support"},
		{Line{Source: "group/a", Facts: Facts{Role: activity.Contributed}}, "support"},
		{Line{Source: "group/a", Facts: Facts{Role: activity.Deputised, Leads: true}}, "deputised"},
		{Line{Source: "group/a", Facts: Facts{Role: activity.Led}}, "not the project"},
		{Line{Source: "group/a", Facts: Facts{Role: activity.Led, Leads: true}, Gone: true}, "dropped"},
	} {
		if got := c.line.WhyNot(); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%+v: %q", c.line.Facts, got)
		}
	}
}

func TestWhatIsWrongIsSaidAtItsField(t *testing.T) {
	spec, _ := SpecOf(Application)
	section, _ := spec.Section("entry")
	p := Paper{Kind: Application, Today: today, Values: map[string]string{"limit": "20"}}
	for name, c := range map[string]struct {
		values map[string]string
		fields string
	}{
		"nothing":       {map[string]string{}, "title role_in_work"},
		"reversed":      {map[string]string{"title": "A", "role_in_work": "led", "from": "2024-03", "to": "2024-02"}, "to"},
		"the same":      {map[string]string{"title": "A", "role_in_work": "led", "from": "2024-03-15", "to": "2024-03"}, ""},
		"to come":       {map[string]string{"title": "A", "role_in_work": "led", "from": "2027-01"}, "from"},
		"no date":       {map[string]string{"title": "A", "role_in_work": "led", "from": "2024-13", "to": "soon"}, "from to"},
		"no beginning":  {map[string]string{"title": "A", "role_in_work": "led", "to": "2024-01"}, "from"},
		"no role":       {map[string]string{"title": "A", "role_in_work": "king"}, "role_in_work"},
		"unknown":       {map[string]string{"title": "A", "role_in_work": "led", "salary": "much"}, "salary"},
		"together over": {map[string]string{"title": "A", "role_in_work": "led", "role": "0123456789", "objective": "0123456789", "outcome": "x"}, "objective"},
		"just fits":     {map[string]string{"title": "A", "role_in_work": "led", "role": "0123456789", "objective": "ŁŁŁŁŁŁŁŁŁ"}, ""},
		"long title":    {map[string]string{"title": strings.Repeat("ö", 201), "role_in_work": "led"}, "title"},
	} {
		var got []string
		for _, f := range errs.FieldsOf(p.CheckLine(section, &Line{Section: "entry", Values: c.values}, c.values)) {
			got = append(got, f.Name)
		}
		if strings.Join(got, " ") != c.fields {
			t.Errorf("%s: refused at %q, not at %q", name, got, c.fields)
		}
	}
	cv, _ := SpecOf(CV)
	for name, bad := range map[string]map[string]string{"email": {"email": "Jo <jo@example.org>"}, "url": {"url": "javascript:alert(1)"}} {
		if list := errs.FieldsOf(cv.CheckHead(bad)); len(list) != 1 || list[0].Name != name {
			t.Errorf("%s: %v", name, list)
		}
	}
	if list := errs.FieldsOf(spec.CheckHead(map[string]string{"limit": "0"})); len(list) != 1 {
		t.Errorf("a limit of 0: %v", list)
	}
}

// What a person leaves out is in no text that leaves, however it is written.
func TestWhatIsLeftOutDoesNotLeave(t *testing.T) {
	h := Hidden{Names: []Swap{
		{"Clean Rivers", "a project"},
		{"Clean Rivers steering group", "a governing body"},
		{"Željko Łuk", "a colleague"},
		{"An der Straße", "a site"},
		{"dem Fluss", "a river"},
		{"Όδυσσευς", "a colleague"},
		{"İstanbul", "a town"},
	}, Money: true}
	for in, want := range map[string]string{
		"Led CLEAN RIVERS for £1.2m":                  "Led a project for an amount",
		"Clean Rivers Steering Group asked":           "A governing body asked",
		"It ended. clean rivers was handed over":      "It ended. A project was handed over",
		"with ŽELJKO ŁUK, budget 1,200,000 EUR":       "with a colleague, budget an amount",
		"GBP 5 million and 3 bn euros; 12 reports":    "an amount and an amount; 12 reports",
		"It cost 40 thousand pounds in 2024, €3, $9k": "It cost an amount in 2024, an amount, an amount",
		"Nothing is here of 2024-03 and 35 hours":     "Nothing is here of 2024-03 and 35 hours",
		// As it is pasted from elsewhere: other spaces, letters in two parts, and letters
		// whose small and capital forms are of other lengths.
		"in Clean\u00a0 rivers, and CLEAN\nRIVERS":            "in a project, and a project",
		"with Z\u030celjko Łuk":                               "with a colleague",
		"İ and ẞ beside CLEAN RIVERS":                         "İ and ẞ beside a project",
		"An der Strasse, AN DER STRASSE, an der straße":       "A site, a site, a site",
		"An der Stra\u1e9ee, dem Fluss und dem FLUẞ":          "A site, a river und a river",
		"An der Stras und ΌΔΥΣΣΕΥΣ, istanbul, i\u0307stanbul": "An der Stras und a colleague, a town, a town",
		"Clean Rivers\u0331 and CLEAN RIVERS\u0301":           "A project and a project",
		"£\u00a0500, 500\u202f€, GBP71.2m and 500EUR":         "an amount, an amount, an amount and an amount",
		"1,2 Mio. €, 12k€, 3£ and 7mGBP":                      "an amount, an amount, an amount and an amount",
	} {
		if got := h.From(in); got != want {
			t.Errorf("%q leaves as %q, not as %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[A-Za-z][A-Za-z ]{2,12}[a-z]`).Draw(t, "name")
		text := rapid.StringMatching(`[a-z ]{0,8}`).Draw(t, "before") + strings.ToUpper(name) + rapid.StringMatching(`[0-9 .İẞ]{0,8}`).Draw(t, "after") + strings.ReplaceAll(name, " ", "\u00a0 ")
		got := Line{Values: map[string]string{"title": text}, Facts: Facts{Confirmers: []Confirmer{{Name: name}}}}.Sealed(Hidden{Names: []Swap{{name, "–"}}})
		if strings.Contains(strings.ToLower(got.Get("title")+got.Facts.Confirmers[0].Name), strings.ToLower(name)) {
			t.Fatalf("%q leaves in %q", name, got.Get("title"))
		}
	})
}

func TestBasisIsHonest(t *testing.T) {
	facts := Facts{Grade: "attested", Leaves: "Ran it", From: "2024-01-10", To: "2024-06-30", Confirmers: []Confirmer{{"Gwen", false, false}, {"Jo", true, false}}}
	line := func(title, from, to string) Line {
		return Line{Section: "evidence", Source: "entry/1", Facts: facts, Values: map[string]string{"title": title, "from": from, "to": to}}
	}
	grown := Line{Section: "evidence", Source: "group/1", Filled: "Supported 2 reports", Values: map[string]string{"title": "Supported 2 reports"}, Facts: Facts{Grade: "recorded", Leaves: "Supported 3 reports"}}
	worded := grown
	worded.Values = map[string]string{"title": "Wrote the reports"}
	link := Line{Section: "evidence", Source: "entry/1", Values: map[string]string{"title": "Ran it"}, Facts: Facts{Grade: "self_declared", Leaves: "Ran it", Confirmers: []Confirmer{{"Jo", true, false}}}}
	for _, c := range []struct {
		line Line
		want string
	}{
		{line("Ran it", "2024-01", "2024-06"), "attested by Gwen; by link, whose follower nobody checked: Jo"},
		{line("Ran it alone", "2024-01", "2024-06"), "self-declared: worded anew since Gwen confirmed it"},
		{line("Ran it", "2023-12", "2024-06"), "self-declared: the dates are others"},
		{line("Ran it", "2024-01", ""), "self-declared: the dates are others"},
		{grown, "recorded"},
		{worded, "recorded, in words of their own"},
		{link, "self-declared; by link, whose follower nobody checked: Jo"},
		{Line{Section: "evidence", Values: map[string]string{}}, "self-declared"},
	} {
		if got := c.line.Basis(); !strings.HasPrefix(got, c.want) || c.want == "recorded" && got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}

func TestWhoConfirmedVerifies(t *testing.T) {
	l := Line{Section: "entry", Source: "entry/1", Values: map[string]string{}, Facts: Facts{Confirmers: []Confirmer{{"Jo", true, false}}}}
	if got := l.Sealed(Hidden{}).Values["verifier"]; got != "Jo (confirmed by link)" {
		t.Errorf("by link: %q", got)
	}
	l.Facts.Confirmers = append(l.Facts.Confirmers, Confirmer{"Gwen", false, false})
	if got := l.Sealed(Hidden{Names: []Swap{{"Gwen", "a colleague"}}}).Values["verifier"]; got != "a colleague" {
		t.Errorf("a name that is left out: %q", got)
	}
	if l.Values["verifier"] != "" {
		t.Error("it is kept in the draft")
	}
	l.Values["verifier"] = "Kim"
	if got := l.Sealed(Hidden{}).Values["verifier"]; got != "Kim" {
		t.Errorf("typed: %q", got)
	}
}

// The shape of JSON Resume v1.0.0: which keys there are, of which type.
var shape = map[string]string{
	"$schema": "string", "basics": "object", "work": "array", "projects": "array", "skills": "array", "education": "array", "certificates": "array", "languages": "array", "meta": "object",
	"basics.name": "string", "basics.label": "string", "basics.email": "string", "basics.phone": "string", "basics.url": "string", "basics.summary": "string", "basics.location": "object", "basics.location.city": "string",
	"work.name": "string", "work.position": "string", "work.startDate": "date", "work.endDate": "date", "work.summary": "string",
	"projects.name": "string", "projects.description": "string", "projects.startDate": "date", "projects.endDate": "date", "projects.roles": "array",
	"skills.name": "string", "skills.level": "string", "skills.keywords": "array",
	"education.institution": "string", "education.area": "string", "education.studyType": "string", "education.startDate": "date", "education.endDate": "date",
	"certificates.name": "string", "certificates.date": "date", "certificates.issuer": "string",
	"languages.language": "string", "languages.fluency": "string", "meta.version": "string", "meta.lastModified": "string",
}

var date8601 = regexp.MustCompile(`^[12][0-9]{3}(-[01][0-9](-[0-3][0-9])?)?$`)

func holds(t *testing.T, path string, v any) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			kind := "string"
			switch inner := inner.(type) {
			case []any:
				kind = "array"
			case map[string]any:
				kind = "object"
			case string:
				if shape[at] == "date" && date8601.MatchString(inner) {
					kind = "date"
				}
			default:
				kind = fmt.Sprintf("%T", inner)
			}
			if shape[at] != kind {
				t.Errorf("%s is a %s, not a %q", at, kind, shape[at])
			}
			holds(t, at, inner)
		}
	case []any:
		for _, inner := range v {
			if _, word := inner.(string); !word {
				holds(t, path, inner)
			}
		}
	}
}

func TestACVIsJSONResume(t *testing.T) {
	p := full()
	b, err := p.Resume()
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	holds(t, "", got)
	for _, key := range []string{"basics", "work", "projects", "skills", "education", "certificates", "languages"} {
		if got[key] == nil {
			t.Errorf("no %s in %s", key, b)
		}
	}
	if strings.Contains(string(b), "Dropped work") {
		t.Error("what was dropped leaves")
	}
	empty := Paper{Kind: CV, Values: map[string]string{}, Today: today}
	if b, err = empty.Resume(); err != nil || !json.Valid(b) {
		t.Errorf("an empty one: %s, %v", b, err)
	}
}

// full is a CV with something everywhere.
func full() Paper {
	v := func(pairs ...string) map[string]string {
		out := map[string]string{}
		for pair := range slices.Chunk(pairs, 2) {
			out[pair[0]] = pair[len(pair)-1]
		}
		return out
	}
	return Paper{
		Kind: CV, Today: today, Values: v("name", "Željko Łukasz Ödön", "label", "PMO analyst", "email", "z@example.org", "phone", "+48 1", "url", "https://example.org", "city", "Łódź", "summary", "I keep projects honest."),
		Lines: []Line{
			{ID: "1", Section: "work", Values: v("title", "Analyst", "organisation", "Tarn", "from", "2023-02", "summary", "PMO")},
			{ID: "2", Section: "project", Values: v("title", "Clean rivers", "role", "led", "from", "2024", "to", "2025-01-31", "summary", "All of it")},
			{ID: "3", Section: "project", Gone: true, Values: v("title", "Dropped work")},
			{ID: "4", Section: "skill", Values: v("title", "Gates", "level", "led it", "keywords", "gate, review,")},
			{ID: "5", Section: "education", Values: v("title", "Hydrology", "organisation", "Uni", "degree", "BSc", "from", "2010-10", "to", "2013-07")},
			{ID: "6", Section: "certificate", Values: v("title", "Practitioner", "organisation", "Body", "from", "2022-05-04")},
			{ID: "7", Section: "language", Values: v("title", "Polish", "level", "native")},
		},
	}
}

// FuzzLeftOut: a name is left out however its letters are written, what stands around
// it stays, and a text without it is only composed.
func FuzzLeftOut(f *testing.F) {
	for _, seed := range []string{"Straße", "STRASSE", "İstanbul", "ıı", "ŉ", "ΐδ", "ﬃ Ⅷ", "ẖ", "Σίσυφος", "a  b", "x\u0323\u0307", "ᾳ", "Ǆ", "k", "ſ", "Ꭰ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		name = norm.NFC.String(strings.TrimSpace(name))
		if first, _ := utf8.DecodeRuneInString(name); !utf8.ValidString(name) || !unicode.IsLetter(first) || strings.ContainsAny(name, "|–\u0307") {
			return
		}
		apart := norm.NFD.String(name) // as Unicode asks before a letter becomes two: its marks stay with the first
		for _, written := range []string{name, strings.ToUpper(name), strings.ToLower(name), cases.Upper(language.Und).String(apart), cases.Lower(language.Und).String(apart), cases.Fold().String(apart)} {
			if got := ReplaceFold("|"+written+"|", name, "–"); got != "|–|" {
				t.Fatalf("%q written %q leaves as %q", name, written, got)
			}
		}
		if got := ReplaceFold("| ... |", name, "–"); got != "| ... |" {
			t.Fatalf("%q is found in dots: %q", name, got)
		}
	})
}
