package opposites

// Shape is what the two marks of a pair look like together.
type Shape string

// The shapes. There is no better one: each has its questions.
const (
	Both    Shape = "both"    // both ends at least mostly
	Neither Shape = "neither" // both at most now and then
	First   Shape = "first"   // the first end two steps or more above the second
	Second  Shape = "second"  // the other way round
	Between Shape = "between"
)

// shapeOf names the shape of two marks.
func shapeOf(a, b int) Shape {
	switch {
	case a == 0 || b == 0:
		return Between
	case a >= 4 && b >= 4:
		return Both
	case a <= 2 && b <= 2:
		return Neither
	case a-b >= 2:
		return First
	case b-a >= 2:
		return Second
	}
	return Between
}

// Topic is what to talk about in one pair.
type Topic struct {
	Pair      Pair
	Shape     Shape
	Says      string   // the shape in a sentence
	Questions []string // for the shape
	Views     []View   // ends that the person and their colleagues see differently
}

// View is an end that is seen differently.
type View struct {
	End       End
	More      bool // colleagues see it more often than the person does
	Questions []string
}

// apart is by how many steps two views have to differ to be worth a question.
const apart = 1.5

// Talk makes the page of questions from one round.
func Talk(r Round) (out []Topic) {
	for _, p := range Pairs() {
		a, b := r.Marks[p.Ends[0].ID], r.Marks[p.Ends[1].ID]
		t := Topic{Pair: p, Shape: shapeOf(a, b)}
		t.Says, t.Questions = t.words()
		for _, e := range p.Ends {
			s, ok := r.Others[e.ID]
			own := r.Marks[e.ID]
			if !ok || own == 0 {
				continue
			}
			switch d := s.Middle() - float64(own); {
			case d >= apart:
				t.Views = append(t.Views, View{e, true, []string{"What do they see that you do not count?", "What would change if you took their view for a week?"}})
			case d <= -apart:
				t.Views = append(t.Views, View{e, false, []string{"Where do you do this out of their sight?", "Whom of them could you ask for one thing to do more of, or sooner?"}})
			}
		}
		out = append(out, t)
	}
	return out
}

func (t Topic) words() (string, []string) {
	one, other := t.Pair.Ends[0], t.Pair.Ends[1]
	switch t.Shape {
	case Both:
		return "You see both in yourself.", t.Pair.Both
	case Neither:
		return "You see little of either in yourself.", t.Pair.Neither
	case First:
		return "You see more of " + lower(one.Name) + " than of " + lower(other.Name) + ". Too much of it: " + lower(one.Overuse), t.Pair.First
	case Second:
		return "You see more of " + lower(other.Name) + " than of " + lower(one.Name) + ". Too much of it: " + lower(other.Overuse), t.Pair.Second
	case Between:
	}
	return "Neither end stands out.", append(append([]string{}, one.Questions...), other.Questions...)
}

func lower(text string) string {
	r := []byte(text)
	r[0] |= 0x20 // names and sentences begin with a letter of ASCII
	return string(r)
}
