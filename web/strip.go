package web

import (
	"fmt"

	"virtualschool/internal/calendar"
	"virtualschool/internal/child"
	"virtualschool/internal/returncode"
	"virtualschool/web/ui"
)

// strip says whom a page is about: enough to be sure it is the right child, and no more.
func strip(h child.Header, today calendar.Date) ui.IdentityStripProps {
	props := ui.IdentityStripProps{Name: h.DisplayName(), Href: fmt.Sprintf("/children/%d", h.ID)}
	if h.PreferredName != "" && h.PreferredName != h.Forename && h.Forename != "" {
		props.Also = "Full name " + h.Forename + " " + h.Surname
	}
	if !h.InCare() {
		props.Badges = append(props.Badges, ui.BadgeProps{Text: "Not in care now", Kind: ui.Grey})
	}
	if h.Restricted {
		props.Badges = append(props.Badges, ui.BadgeProps{Text: "Restricted record", Kind: ui.Red})
	}
	if h.BrokenGlass {
		props.Badges = append(props.Badges, ui.BadgeProps{Text: "Open to you for an hour", Kind: ui.Red})
	}
	if h.Unaccompanied {
		props.Badges = append(props.Badges, ui.BadgeProps{Text: "Unaccompanied", Kind: ui.Blue})
	}
	if h.InAuthority != nil && !*h.InAuthority {
		props.Badges = append(props.Badges, ui.BadgeProps{Text: "Lives out of authority", Kind: ui.Purple})
	}
	school := h.School
	if school == "" && h.InCare() {
		school = "No school place"
	}
	if h.PlaceHidden {
		school = child.PlaceHidden
	}
	props.Facts = []ui.Fact{
		{Term: "Age", Value: fmt.Sprintf("%d, born %s", calendar.Age(h.DateOfBirth, today), h.DateOfBirth.Words())},
		{Term: "Year group", Value: h.YearGroup(today)},
		{Term: "School", Value: school},
		{Term: "Advisor", Value: h.Advisor},
		{Term: "Social worker", Value: h.SocialWorker},
	}
	if h.LegalStatus != "" {
		if h.PlaceHidden {
			school = "Hidden from you"
		}
		props.Facts = append(props.Facts, ui.Fact{Term: "Legal status", Value: returncode.Label("LS", h.LegalStatus)})
	}
	return props
}

// glimpse is the strip for somebody who was invited to a section: whom it is about, and no link, as they
// may open no other page of the child's.
func glimpse(g child.Glimpse) ui.IdentityStripProps {
	return ui.IdentityStripProps{Name: g.DisplayName(), Facts: []ui.Fact{{Term: "Year group", Value: calendar.YearGroup(g.Year)}}}
}
