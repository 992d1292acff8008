package journeys

import (
	"fmt"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"virtualschool/internal/pep/forms/formstest"
)

// The most fields a designated teacher touches to finish their part when nothing has changed.
const mostTouched = 15

// answered gives the child's plan of last term an answer to every question of its form.
func (w *town) answered(child int64) {
	w.t.Helper()
	last := w.ID(`select id from pep where child_id = $1 and term = 'summer'`, child)
	w.Exec(`alter table pep_answer disable trigger stays_signed; alter table pep_section disable trigger stays_signed`)
	form, _ := w.Options.Services.PEPs.Forms.Form("primary", 1)
	for _, section := range form.Sections {
		w.Exec(`insert into pep_section (pep_id, child_id, section) values ($1, $2, $3)`, last, child, section.Key)
		for question, answer := range formstest.Answers(section) {
			w.Exec(`insert into pep_answer (pep_id, child_id, section, question, value, answered_by, answered_at) values ($1, $2, $3, $4, $5, $6, '2026-06-24')`,
				last, child, section.Key, question, answer, w.teacher.ID)
		}
	}
	w.Exec(`alter table pep_answer enable trigger stays_signed; alter table pep_section enable trigger stays_signed`)
}

func TestATeacherFinishesTheirPartByException(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	town.answered(town.maya)
	teacher := town.as(town.teacher)
	teacher.Opens(path(town.maya, "/peps"))
	teacher.Follows("Start a plan")
	teacher.Presses("Start the plan")
	plan := teacher.where()

	pages := teacher.pages
	teacher.touched = nil
	teacher.Opens("/")
	teacher.Opens(plan + "/mine")
	page := town.As(town.teacher).Get(plan + "/mine")
	label := func(field string) string {
		return strings.Join(strings.Fields(page.Find(fmt.Sprintf(`label[for="%s"]`, field)).Text()), " ")
	}
	page.Find(`input[name^="all-right-"], input[name^="all-still-"]`).Each(func(_ int, tick *goquery.Selection) {
		teacher.Chooses(label(tick.AttrOr("id", "")))
	})
	page.Find(".vs-facts-known").Each(func(_ int, facts *goquery.Selection) { // a fact that stands alone is answered by itself
		if facts.Find(`[name^="all-right-"]`).Length() == 0 {
			legend := strings.Join(strings.Fields(facts.Find("legend").First().Text()), " ")
			teacher.Chooses(label(facts.Find("input[type=radio]").First().AttrOr("id", "")), legend)
		}
	})
	teacher.Presses("Save and mark all as complete")
	teacher.Opens(plan + "/mine")
	teacher.Sees("No section of this plan waits for you.")
	teacher.Opens(plan + "/voice")
	teacher.Types("What the child said", "I like it when Miss reads to us.")
	teacher.Chooses("In person", "How they were asked")
	teacher.Types("Who asked", "Tess Teacher")
	teacher.Presses("Save")

	if touched := len(teacher.touched); touched > mostTouched {
		t.Errorf("%d fields touched; at most %d: %v", touched, mostTouched, teacher.touched)
	} else {
		t.Logf("a designated teacher finished their part in %d fields and %d page loads", touched, teacher.pages-pages)
	}
}
