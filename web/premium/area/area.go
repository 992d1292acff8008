// Package area is what the pages about the grants' money share: the row of links between them, each
// shown to those who may open it, and where a person who comes to /premium is led.
package area

import (
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/web/ui"
)

// places are the pages of the area, in the order of the work: asked for, paid, looked back on.
var places = []struct {
	text, href string
	action     access.Action
}{
	{"Requests", "/premium/requests", access.DecidePremium},
	{"Releases", "/premium/releases", access.DecidePremium},
	{"Payments", "/premium/payments", access.PayPremium},
	{"Years", "/premium/years", access.SeePremiumMoney},
	{"31 March", "/premium/forecast", access.SeePremiumMoney},
	{"Worth", "/premium/impact", access.SeePremiumWorth},
	{"Reports", "/premium/reports", access.ReportPremium},
}

// Navigation leads between the pages of the area that the actor may open; current is the href of the
// place that the page belongs to.
func Navigation(actor access.Actor, current string) ui.SubNavigationProps {
	props := ui.SubNavigationProps{Label: "Pupil premium"}
	for _, place := range places {
		if access.Can(actor, place.action) {
			props.Items = append(props.Items, ui.NavItem{Text: place.text, Href: place.href, Current: place.href == current})
		}
	}
	return props
}

// First is the page that the actor's work in the area begins on; empty for who has none there.
func First(actor access.Actor) string {
	for _, place := range places {
		if access.Can(actor, place.action) {
			return place.href
		}
	}
	return ""
}

// RequestPath is the page of one request.
func RequestPath(childID, requestID int64) string {
	return fmt.Sprintf("/children/%d/premium/%d", childID, requestID)
}
