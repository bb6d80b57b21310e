package method

// Sizes counts, over every possible answer sheet (with and without what the
// register adds), the fewest and the most controls of each tier; a tier that no
// sheet gives is {0, 0}. It fails without a dial, or when the rules look at so many
// questions that the sheets cannot be counted.
func (m *Method) Sizes() (PerTier[Range], error) { panic("not yet") }
