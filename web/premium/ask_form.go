package premium

import (
	"fmt"

	"virtualschool/internal/premium"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// readWish reads what is asked for; problems stay in the form.
func readWish(form *kit.Form) premium.Wish {
	return premium.Wish{
		TargetID:   form.ID("target"),
		Category:   premium.Category(form.Choice("category", "What the money is for", categoryValues()...)),
		Purpose:    form.Required("purpose", "What the money will pay for", premium.TextLimit),
		Difference: form.Required("difference", "What will be different for the child", premium.TextLimit),
		Amount:     form.Money("amount", "Amount"),
		Starts:     form.OptionalDate("starts", "Start"),
	}
}

// wishForm is a form prefilled with a request as it stands.
func wishForm(request premium.Request) *kit.Form {
	form := kit.NewForm(map[string]string{"category": string(request.Category), "purpose": request.Purpose,
		"difference": request.Difference, "amount": request.Amount.Plain()})
	if request.TargetID != 0 {
		form.Set("target", fmt.Sprint(request.TargetID))
	}
	form.SetDate("starts", request.Starts)
	form.SetVersion(request.Version)
	return form
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
