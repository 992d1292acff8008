package kit

import (
	"net/url"
	"slices"
	"strconv"

	"virtualschool/web/ui"
)

// Filters are what narrows a list. They live in its address, so that a narrowed list can be kept,
// sent and come back to.
type Filters struct {
	path  string
	query url.Values
}

// Filter is one of them as the page shows it.
type Filter struct {
	Name    string // in the address
	Label   string
	Options []ui.Option // with the words for its values
}

// FiltersOf are those of the names that are given in an address, for the list at path.
func FiltersOf(path string, query url.Values, names ...string) Filters {
	f := Filters{path: path, query: url.Values{}}
	for _, name := range names {
		if value := query.Get(name); value != "" {
			f.query.Set(name, value)
		}
	}
	return f
}

// Get is the value of a filter; empty when it is off.
func (f Filters) Get(name string) string { return f.query.Get(name) }

// Encode is the filters as they stand in an address.
func (f Filters) Encode() string { return f.query.Encode() }

// Href is the list under these filters.
func (f Filters) Href() string { return f.With("", "") }

// With is the list with one filter changed, or without it when the value is empty.
func (f Filters) With(name, value string) string {
	query := url.Values{}
	for key, values := range f.query {
		if key != name {
			query[key] = values
		}
	}
	if value != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return f.path
	}
	return f.path + "?" + query.Encode()
}

// Without are the filters without some of them.
func (f Filters) Without(names ...string) Filters {
	fewer := Filters{path: f.path, query: url.Values{}}
	for key, values := range f.query {
		if !slices.Contains(names, key) {
			fewer.query[key] = values
		}
	}
	return fewer
}

// Selected are the filters that are on, each with the list without it.
func (f Filters) Selected(filters ...Filter) []ui.SelectedFilter {
	var on []ui.SelectedFilter
	for _, one := range filters {
		value := f.Get(one.Name)
		if value == "" {
			continue
		}
		text := value
		if i := slices.IndexFunc(one.Options, func(option ui.Option) bool { return option.Value == value }); i >= 0 {
			text = one.Options[i].Text
		}
		on = append(on, ui.SelectedFilter{Name: one.Label, Text: text, RemoveHref: f.With(one.Name, "")})
	}
	return on
}

// Pages are the links to either side of a page of the list; page counts from 1, size is of a full
// page, total what the filters found.
func (f Filters) Pages(label string, page, size, total int) ui.PaginationProps {
	props := ui.PaginationProps{Label: label}
	if page > 1 {
		props.Previous = f.With("page", pageText(page-1))
	}
	if page*size < total {
		props.Next = f.With("page", pageText(page+1))
	}
	return props
}

// pageText is a page in an address, which the first one is without.
func pageText(page int) string {
	if page <= 1 {
		return ""
	}
	return strconv.Itoa(page)
}
