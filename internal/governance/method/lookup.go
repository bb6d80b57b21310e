package method

type index struct{}

// Role gives a role by id, nil if there is none.
func (m *Method) Role(id string) *Role { panic("not yet") }

// Phase gives a phase by id, nil if there is none.
func (m *Method) Phase(id string) *Phase { panic("not yet") }

// Gate gives a gate by id, nil if there is none.
func (m *Method) Gate(id string) *Gate { panic("not yet") }

// Decision gives a decision by id, nil if there is none.
func (m *Method) Decision(id string) *Decision { panic("not yet") }

// Document gives a document by id, nil if there is none.
func (m *Method) Document(id string) *Document { panic("not yet") }

// Control gives a control by id, nil if there is none.
func (m *Method) Control(id string) *Control { panic("not yet") }

// Group gives a group of controls by id, nil if there is none.
func (m *Method) Group(id string) *Group { panic("not yet") }

// PhaseAfter gives the phase that follows a gate, nil after the last one.
func (m *Method) PhaseAfter(gate string) *Phase { panic("not yet") }

// Involved lists what projects may involve, sorted, with what it means.
func (m *Method) Involved() []Fact { panic("not yet") }
