package premium

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/money"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

const items = "items-" // the prefix of the fields of the rows of items

// readWish reads what is asked for; problems stay in the form. A draft may leave anything out.
func readWish(form *kit.Form, draft bool) premium.Wish {
	wish := premium.Wish{
		TargetID:  form.ID("target"),
		Starts:    form.OptionalDate("starts", "Start"),
		Ends:      form.OptionalDate("ends", "End"),
		Exception: form.Text("exception", "Why it should be paid", premium.TextLimit),
	}
	if strings.TrimSpace(form.Value("group")) != "" {
		wish.Group = form.Number("group", "Number of children", 2, premium.MostGroup)
	}
	wish.Items = readItems(form)
	switch {
	case draft:
		wish.Category = premium.Category(form.OptionalChoice("category", "What the money is for", categoryValues()...))
		wish.Purpose = form.Text("purpose", "What the money will pay for", premium.TextLimit)
		wish.Difference = form.Text("difference", "What will be different for the child", premium.TextLimit)
	default:
		wish.Category = premium.Category(form.Choice("category", "What the money is for", categoryValues()...))
		wish.Purpose = form.Required("purpose", "What the money will pay for", premium.TextLimit)
		wish.Difference = form.Required("difference", "What will be different for the child", premium.TextLimit)
	}
	if typed := strings.TrimSpace(form.Value("amount")) != ""; typed || !draft && len(wish.Items) == 0 && form.Value("itemised") == "" {
		wish.Amount = form.Money("amount", "Amount")
	}
	return wish
}

// readItems reads the rows in which something was typed, and closes the gaps between them.
func readItems(form *kit.Form) (list []premium.Item) {
	part := form.Under(items)
	rows := rowsSent(form)
	for n := range rows {
		what, quantity, price := part.Value(kit.Row("what", n)), part.Value(kit.Row("quantity", n)), part.Value(kit.Row("price", n))
		if strings.TrimSpace(what+quantity+price) == "" {
			continue
		}
		at := len(list)
		for name, value := range map[string]string{"what": what, "quantity": quantity, "price": price} {
			part.Set(kit.Row(name, n), "")
			part.Set(kit.Row(name, at), value)
		}
		item := premium.Item{What: part.Text(kit.Row("what", at), "What it is", premium.ItemLimit), Quantity: 1}
		if strings.TrimSpace(quantity) != "" {
			item.Quantity = part.Number(kit.Row("quantity", at), "How many", 1, premium.MostOfOne)
		}
		if strings.TrimSpace(price) != "" {
			item.Unit = part.Money(kit.Row("price", at), "Price of one")
		}
		list = append(list, item)
	}
	form.Join(part)
	form.Set("rows", strconv.Itoa(max(len(list), 1)))
	return list
}

// rowsSent is how many rows of items the form holds, empty ones among them.
func rowsSent(form *kit.Form) int {
	rows := 0
	for n := range premium.MostItems + 1 {
		for _, name := range []string{"what", "quantity", "price"} {
			if form.All(items+kit.Row(name, n)) != nil {
				rows = n + 1
			}
		}
	}
	return rows
}

// rows is how many rows of items a page shows: never none.
func rows(form *kit.Form) int {
	shown, err := strconv.Atoi(form.Value("rows"))
	if err != nil {
		shown = rowsSent(form)
	}
	return min(max(shown, 1), premium.MostItems)
}

// wishForm is a form prefilled with a request as it stands.
func wishForm(request premium.Request, made []premium.Item) *kit.Form {
	form := kit.NewForm(map[string]string{"category": string(request.Category), "purpose": request.Purpose, "difference": request.Difference, "exception": request.Exception})
	if request.TargetID != 0 {
		form.Set("target", fmt.Sprint(request.TargetID))
	}
	if request.Group != 0 {
		form.Set("group", strconv.Itoa(request.Group))
	}
	for n, item := range made {
		form.Set(items+kit.Row("what", n), item.What)
		form.Set(items+kit.Row("quantity", n), strconv.Itoa(item.Quantity))
		form.Set(items+kit.Row("price", n), plain(item.Unit))
	}
	if len(made) == 0 {
		form.Set("amount", plain(request.Amount))
	}
	form.SetDate("starts", request.Starts)
	form.SetDate("ends", request.Ends)
	form.SetVersion(request.Version)
	return form
}

// plain is an amount as it is typed; empty for one not given yet.
func plain(amount money.Pence) string {
	if amount == 0 {
		return ""
	}
	return amount.Plain()
}

func categoryValues() []string {
	var values []string
	for _, one := range premium.Categories {
		values = append(values, string(one.Category))
	}
	return values
}

// CategoryOptions are the categories, for a list to choose from.
func CategoryOptions() []ui.Option {
	var options []ui.Option
	for _, one := range premium.Categories {
		options = append(options, ui.Option{Value: string(one.Category), Text: one.Name})
	}
	return options
}

// offeredOptions are the categories that a paying policy pays for, in its own words, and the one a
// request has already.
func offeredOptions(s scheme.Scheme, had premium.Category) []ui.Option {
	var options []ui.Option
	for _, one := range s.Categories {
		options = append(options, ui.Option{Value: one.Key, Text: one.Name})
	}
	if had != "" && !s.Offers(string(had)) {
		options = append(options, ui.Option{Value: string(had), Text: had.Name()})
	}
	return options
}
