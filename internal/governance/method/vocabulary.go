package method

// Fact is an entry of the vocabulary that rules may ask for.
type Fact struct {
	Name  string `yaml:"name"`
	Type  string `yaml:"type"` // bool, int, double, string, list
	Unit  string `yaml:"unit"`
	From  string `yaml:"from"` // which part of Cairn feeds it
	Means string `yaml:"means"`
}

// Vocabulary lists the facts in the order of the file.
func Vocabulary() []Fact { panic("not yet") }
