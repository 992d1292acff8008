package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Choice is one button of Radios or one box of Checkboxes.
type Choice struct {
	Value, Text, Hint string
	// Divider, such as "or", is shown before this choice.
	Divider string
	// Conditional is shown below the choice while it is chosen.
	Conditional templ.Component
}

// choiceID gives the first choice the bare name, so that the error summary's
// link lands on it.
func choiceID(name string, index int) string {
	if index == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(index+1)
}
