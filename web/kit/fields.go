package kit

import (
	"strconv"

	"github.com/a-h/templ"

	"virtualschool/web/ui"
)

// The fields of a page's form, each with what was typed in it and what is wrong with that. A page
// says the name and the words; the rest is the form's.

// Input is a box for one line. A password that was typed is never sent back.
func (f *Form) Input(p ui.InputProps) templ.Component {
	p.Error = f.Error(p.Name)
	if p.Type != "password" {
		p.Value = f.Value(p.Name)
	}
	p.Name = f.Name(p.Name)
	return ui.Input(p)
}

// Textarea is a box for several lines.
func (f *Form) Textarea(p ui.TextareaProps) templ.Component {
	p.Value, p.Error = f.Value(p.Name), f.Error(p.Name)
	p.Name = f.Name(p.Name)
	return ui.Textarea(p)
}

// DateInput is a date in three boxes.
func (f *Form) DateInput(p ui.DateInputProps) templ.Component {
	p.Day, p.Month, p.Year = f.Value(p.Name+"-day"), f.Value(p.Name+"-month"), f.Value(p.Name+"-year")
	p.Error = f.Error(p.Name)
	p.Name = f.Name(p.Name)
	return ui.DateInput(p)
}

// Select is a choice from a long list.
func (f *Form) Select(p ui.SelectProps) templ.Component {
	p.Value, p.Error = f.Value(p.Name), f.Error(p.Name)
	p.Name = f.Name(p.Name)
	return ui.Select(p)
}

// Radios is a choice of one from a few.
func (f *Form) Radios(p ui.RadiosProps) templ.Component {
	p.Value, p.Error = f.Value(p.Name), f.Error(p.Name)
	p.Name = f.Name(p.Name)
	return ui.Radios(p)
}

// Checkboxes is a choice of any number from a few.
func (f *Form) Checkboxes(p ui.CheckboxesProps) templ.Component {
	p.Values, p.Error = f.All(p.Name), f.Error(p.Name)
	p.Name = f.Name(p.Name)
	return ui.Checkboxes(p)
}

// Around is the form around the fields, with its key and the version that it was shown of.
func (f *Form) Around(p ui.FormProps) templ.Component {
	p.Key, p.Version = f.Key, int64(f.Version())
	if p.Draft != "" {
		p.Hidden = append(p.Hidden, ui.Hidden{Name: draftFromField, Value: f.DraftFrom()}, ui.Hidden{Name: draftTurnField, Value: strconv.Itoa(f.DraftTurn())})
	}
	return ui.Form(p)
}
