package career

import (
	"strconv"

	"cairn/internal/kit/activity"
)

// pastItems turns a line about past years into experience: so many projects,
// each over the whole time, on the person's own word.
func pastItems(p Past) (out []Item) {
	kind, role := "project.supported", atMost(p.Role, activity.Contributed)
	if p.Role == activity.Led || p.Role == activity.Deputised {
		kind, role = "project.managed", p.Role
	}
	for i := range p.Projects {
		key := "past/" + p.ID + "/" + strconv.FormatInt(i, 10)
		out = append(out, Item{
			Key: key, Kind: kind, Role: role, Origin: OwnWord, Project: key,
			From: p.From, To: p.To, Closed: p.To != "", Outside: true, SubjectKind: "past", SubjectID: p.ID, Scale: p.Scale, Label: p.Post + ", " + p.Organisation,
		})
	}
	return out
}
