// Package framework is the career framework: kinds of experience, competencies
// with rules from evidence to level, roles with their requirements, and options
// with what they leave behind. It is data: full.yaml is what ships.
package framework

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

//go:embed full.yaml
var fullFile []byte

// Framework is a framework file.
type Framework struct {
	About           About                   `yaml:"framework"`
	Scales          map[string][]ScaleLevel `yaml:"scales"`
	RolesInWork     []Meaning               `yaml:"roles_in_work"`
	Grades          []Meaning               `yaml:"grades"`
	Tiers           []Tier                  `yaml:"tiers"`
	ClauseWords     map[string]string       `yaml:"clause_words"`
	LevelDefaults   map[int]Defaults        `yaml:"level_defaults"`
	RoleDefaults    Defaults                `yaml:"role_defaults"`
	ClockStopsFor   []string                `yaml:"clock_stops_for"`
	KnowledgeRules  map[int]Expr            `yaml:"knowledge_rules"`
	StandingWords   map[string]string       `yaml:"standing"`
	ExperienceKinds []Kind                  `yaml:"experience_kinds"`
	WhoCanAttest    []Attesting             `yaml:"who_can_attest"`
	Counters        []Counter               `yaml:"counters"`
	Areas           []Named                 `yaml:"areas"`
	Competencies    []Competency            `yaml:"competencies"`
	Roles           []Role                  `yaml:"roles"`
	Options         []Option                `yaml:"options"`
	Opposites       []map[string]any        `yaml:"opposites"`
	CPDSchemes      []map[string]any        `yaml:"cpd_schemes"`
	Examples        []Example               `yaml:"examples"`
}

// About names a framework.
type About struct {
	ID, Version, Language, Title, Licence string
}

// ScaleLevel is a point of a scale.
type ScaleLevel struct {
	Level int
	Name  string
}

// Meaning is an id with its meaning; lists of them are in order, lowest first.
type Meaning struct{ ID, Meaning string }

// Tier is a size of project.
type Tier struct {
	ID          string
	MethodTiers []string `yaml:"method_tiers"`
	Meaning     string
}

// Named is an id with a name.
type Named struct{ ID, Name string }

// Defaults are what a clause takes when it does not say.
type Defaults struct {
	As           string
	WithinMonths int `yaml:"within_months"`
	Grade        string
}

// Kind is a kind of experience.
type Kind struct {
	ID, Name   string
	Units      []string
	Roles      []string
	LargerBy   []string `yaml:"larger_by"`
	RecordedBy string   `yaml:"recorded_by"`
	Note       string
}

// Attesting says who is the right person to attest some kinds.
type Attesting struct {
	Who   string
	Kinds []string
}

// Counter is a sum over items.
type Counter struct {
	ID, Name, Distinct, Sum string
	Kinds                   []string
	As                      string
}

// Expr is a rule: a clause over items, a level of a competency, or several of
// these joined by all_of or any_of.
type Expr struct {
	Kinds         []string
	As            string
	Count         int
	Months        int
	Hours         int
	Projects      int
	People        int
	Bodies        int
	Quarters      int
	Tier          string
	WithinMonths  *int `yaml:"within_months"`
	Grade         string
	Attesters     int
	Finished      bool
	OutsideOffice bool `yaml:"outside_office"`
	About         string

	Competency  string
	Application int
	Knowledge   int

	Counter string
	AtLeast int `yaml:"at_least"`

	Experience *Expr
	AllOf      []Expr `yaml:"all_of"`
	AnyOf      []Expr `yaml:"any_of"`
	Says       string
}

// Level is a level of a competency.
type Level struct {
	Level      int
	Observable string
	Rule       Expr
}

// Competency is an ability, on two scales.
type Competency struct {
	ID, Area, Name, Meaning, Matters string
	Application                      []Level
	Knowledge                        []Level
	Codes                            []string
}

// Role is a piece of work in this field, with what it asks for.
type Role struct {
	ID, Name, Purpose string
	Work              []string
	ProjectManagement struct{ Need, Why string } `yaml:"project_management"`
	Requirements      []Expr
	From              []struct{ Role, Lacks string }
}

// Evidence is a line of items: what an option yields, or what an example has.
type Evidence struct {
	Kind          string
	As            string
	Count         int
	Months        int
	Hours         int
	Projects      int
	FirstProject  int `yaml:"first_project"`
	People        int
	Bodies        int
	Quarters      int
	Tier          string
	Grade         string
	Attesters     int
	Finished      bool
	OutsideOffice bool `yaml:"outside_office"`
	About         []string
	Ago           []int // months ago, from and to
}

// Option is something that a person could do next.
type Option struct {
	ID, Name     string
	Hours        int
	ElapsedWeeks int `yaml:"elapsed_weeks"`
	Yields       []Evidence
	After        After
	YesFrom      []string `yaml:"yes_from"`
	CanGoWrong   []string `yaml:"can_go_wrong"`
	NotFor       []string `yaml:"not_for"`
	Max          int      // how often it counts in a plan; once if it does not say
	Place        string   // where it is done, of Places; see Where
}

// After is what has to come before an option.
type After struct {
	Levels        []Expr
	MonthsInField int `yaml:"months_in_field"`
}

// Example is an invented person with what a framework must say about them.
type Example struct {
	ID, Title     string
	MonthsInField int `yaml:"months_in_field"`
	Evidence      []Evidence
	Expect        Expectation
}

// Expectation is what must come out for an example.
type Expectation struct {
	Qualifies []string
	OneStep   []string `yaml:"one_step"`
	Opens     map[string][]string
	Levels    map[string]int
	Counters  map[string]int
	Together  []struct{ Options, Opens []string }
}

// Load reads a framework; a key that it does not know is an error with its line.
func Load(file []byte) (*Framework, error) {
	var f Framework
	dec := yaml.NewDecoder(bytes.NewReader(file))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("framework: %w", err)
	}
	return &f, nil
}

// Default is the framework that ships with Cairn.
func Default() (*Framework, error) { return Load(fullFile) }

// DefaultFile is its text, with the comments.
func DefaultFile() []byte { return bytes.Clone(fullFile) }

// Rank gives the place of an id in a list of meanings, lowest 0; -1 if it is not there.
func Rank(list []Meaning, id string) int {
	for i, m := range list {
		if m.ID == id {
			return i
		}
	}
	return -1
}

// KindName is the name of a kind of experience.
func (f *Framework) KindName(id string) string {
	for _, k := range f.ExperienceKinds {
		if k.ID == id {
			return k.Name
		}
	}
	return id
}
