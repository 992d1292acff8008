package access

// Conditional says whether the table asks for facts beside the role.
func (r Rule) Conditional() bool { return r.holds != nil }
