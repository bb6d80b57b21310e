package framework

import "slices"

// Places are where an option is done, the nearest first. Who can do no more than what
// is near takes no option that asks for a place further on the list.
var Places = []string{"desk", "organisation", "elsewhere"}

// PlaceWords are the places in words.
var PlaceWords = map[string]string{
	"desk":         "beside one's own post",
	"organisation": "for a while in another team of the organisation",
	"elsewhere":    "outside the organisation",
}

// Where is the place of an option: beside one's own post if it does not say.
func (o Option) Where() string {
	if o.Place == "" {
		return Places[0]
	}
	return o.Place
}

// Within reports whether an option can be done by who goes no further than a place;
// nothing for no limit.
func (o Option) Within(place string) bool {
	return place == "" || slices.Index(Places, o.Where()) <= slices.Index(Places, place)
}
