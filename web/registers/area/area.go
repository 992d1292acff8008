// Package area is what the registers of children with less than full-time education
// share: the row of links between them.
package area

import "virtualschool/web/ui"

// Navigation leads between the registers; current is the href of the one shown.
func Navigation(current string) ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Registers"}
	for _, place := range []struct{ text, href string }{
		{"Reduced timetables", "/registers/timetables"},
		{"Alternative provision", "/registers/provision"},
	} {
		props.Items = append(props.Items, ui.NavItem{Text: place.text, Href: place.href, Current: place.href == current})
	}
	return props
}
