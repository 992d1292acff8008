// Package area is what the registers of children with less than full-time education
// share: the row of links between them, how what is wrong is listed, and the links
// to their downloads.
package area

import (
	"virtualschool/internal/access"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// Navigation leads between the registers that the actor may see; current is the href of the one shown.
func Navigation(actor access.Actor, current string) ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Registers"}
	for _, place := range []struct {
		text, href string
		action     access.Action
	}{
		{"Reduced timetables", "/registers/timetables", access.SeeRegisters},
		{"Alternative provision", "/registers/provision", access.SeeRegisters},
		{"No school place", "/registers/places", access.SeePlaceSearch},
		{"Days lost", "/registers/lost", access.SeeLostDays},
	} {
		if access.Can(actor, place.action) {
			props.Items = append(props.Items, ui.NavItem{Text: place.text, Href: place.href, Current: place.href == current})
		}
	}
	return props
}

// Downloads are the links to a register's files as it is filtered, for those who may have them.
func Downloads(actor access.Actor, path string, filters kit.Filters) []ui.Link {
	if !access.Can(actor, access.ExportRegisters) {
		return nil
	}
	query := ""
	if encoded := filters.Encode(); encoded != "" {
		query = "?" + encoded
	}
	return []ui.Link{{Text: "Download as CSV", Href: path + ".csv" + query}, {Text: "Download for Excel", Href: path + ".xlsx" + query}}
}
