package privacy

// Doing is what a merge of two entries of one person does with a column.
type Doing string

// What it does.
const (
	Moves  Doing = "moves"  // the rows become the other entry's
	Stays  Doing = "stays"  // it is never edited; it is read as the other entry's
	ByHand Doing = "byhand" // the numbers stand inside texts, which the feature moves itself
	Own    Doing = "own"    // the person's alone: an entry that has it is the one that stays
)

// Place is a column that holds numbers of people. A test compares the places of
// all features with the columns of the database.
type Place struct {
	Data          string // its row in docs/privacy.md
	Table, Column string
	Does          Doing
	Key           string // of Moves: the columns that tell one row from the others
	Once          bool   // of Moves: a row whose key the other entry has already stays as it is
	When          string // of Moves: only these rows; the others stay
}

// PlacesOf gives columns of one table that do the same.
func PlacesOf(data, table, key string, does Doing, columns ...string) (out []Place) {
	for _, c := range columns {
		out = append(out, Place{Data: data, Table: table, Column: c, Does: does, Key: key})
	}
	return out
}
