package method

import "testing"

// Every control can be taken out, one by one, and what is left is a method whose
// own examples hold.
func TestAnyControlCanBeTakenOut(t *testing.T) {
	for _, shipped := range Shipped() {
		m, err := Load(shipped.Text)
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Controls {
			id := m.Controls[i].ID
			t.Run(shipped.ID+"/"+id, func(t *testing.T) {
				text, err := Without(shipped.Text, id)
				if err != nil {
					t.Fatal(err)
				}
				left, problems := Read(text)
				if len(problems) > 0 {
					t.Fatalf("what is left is no method:\n%s", problems.Error())
				}
				changes := Diff(m, left)
				removed := 0
				for _, c := range changes {
					if c.Part == "control" && c.Kind == Removed && c.ID == id {
						removed++
					}
				}
				if removed != 1 {
					t.Fatalf("the difference does not name the control: %v", changes)
				}
			})
			if testing.Short() {
				break
			}
		}
	}
}
