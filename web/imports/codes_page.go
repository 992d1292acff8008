package imports

import (
	"fmt"
	"net/http"

	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// noMark is what a form says for a code that stands for no mark.
const noMark = "none"

// codeField is the field that asks what a code of a school stands for.
func codeField(asked intake.AskedCode) string {
	return fmt.Sprintf("code-%d-%x", asked.SettingID, asked.Written)
}

// nationalCodes are what a school's own code can stand for, each once.
func nationalCodes() []ui.Option {
	options := []ui.Option{{Value: noMark, Text: "No mark: leave these out"}}
	seen := map[mark.Code]bool{}
	for _, m := range mark.National.Meanings() {
		if m.To.IsZero() && !seen[m.Code] {
			seen[m.Code] = true
			options = append(options, ui.Option{Value: string(m.Code), Text: string(m.Code) + ": " + m.Name})
		}
	}
	return options
}

// codes says what codes of schools' own stand for. One that is left open is asked again.
func (p *Pages) codes(w http.ResponseWriter, r *http.Request) error {
	importID, err := kit.PathID(r, "importID")
	if err != nil {
		return err
	}
	form := kit.FormOf(r)
	var one intake.Import
	var asked []intake.AskedCode
	var batch postgres.Batch
	intake.QueueImport(&batch, &one, importID)
	intake.QueueAskedCodes(&batch, &asked, importID)
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	var said []intake.SaidCode
	for _, a := range asked {
		switch code := form.Text(codeField(a), "The code", 12); code {
		case "":
		case noMark:
			said = append(said, intake.SaidCode{SettingID: a.SettingID, Written: a.Written})
		default:
			said = append(said, intake.SaidCode{SettingID: a.SettingID, Written: a.Written, Code: mark.Code(code)})
		}
	}
	if err = form.Err(); err == nil {
		err = p.Intake.SayCodes(r.Context(), kit.Actor(r), importID, said)
	}
	if form.Refuses(err) {
		if len(asked) > 0 {
			form.Rename("codes", codeField(asked[0]))
		}
		return p.showImport(w, r, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/%d", under(r), importID), "Remembered. The file is being checked again.")
}
