package peps

import (
	"fmt"
	"strconv"
	"strings"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/meeting"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/voice"
	"virtualschool/internal/premium"
	"virtualschool/web/kit"
)

// group is a repeated group of the room's form: its name before the fields, a field that every row
// has, and the most rows.
type group struct {
	Name  string
	Field string
	Most  int
}

// groups are those of the room. The typed parts are groups of their own names.
var groups = []group{{"meeting", "name", pep.MostAttended}, {"targets", "what", pep.MostTargets}, {"actions", "what", pep.MostActions}, {"money", "purpose", meeting.MostLines}}

// under is the part of the room's form that one part of the plan has on its own page.
func under(form *kit.Form, name string) *kit.Form { return form.Under(name + "-") }

// countRows finds how many rows of each group were sent.
func countRows(form *kit.Form) {
	for _, g := range groups {
		form.Set(g.Name+"-rows", strconv.Itoa(max(rowsSent(under(form, g.Name), g.Field, g.Most), 1)))
	}
}

// growRows makes room for one more row of a group.
func growRows(form *kit.Form, name string) {
	for _, g := range groups {
		if g.Name == name {
			form.Set(g.Name+"-rows", strconv.Itoa(min(rowsOf(under(form, name))+1, g.Most)))
		}
	}
}

// written is the room's form as it was read: the minutes, and in which row of the page each row of
// theirs stands.
type written struct {
	meeting.Minutes
	rows map[string][]int
}

// readRoom reads the form; what is wrong with it stays there.
func readRoom(form *kit.Form) written {
	m := written{Minutes: meeting.Minutes{Versions: map[pep.Part]int{}}, rows: map[string][]int{}}
	for _, part := range pep.TypedParts {
		m.Versions[part] = under(form, string(part)).Version()
	}
	read := func(name string, fields func(part *kit.Form)) {
		part := under(form, name)
		fields(part)
		form.Join(&kit.Form{Problems: inGroup(part.Problems, name)})
	}
	read("voice", func(part *kit.Form) { m.Voice = readVoice(part) })
	read("meeting", func(part *kit.Form) {
		leaveOut(part)
		m.Meeting, m.rows["meeting"] = readMeeting(part)
	})
	read("reviews", func(part *kit.Form) { m.Reviews = readReviews(part) })
	read("targets", func(part *kit.Form) { m.Targets, m.rows["targets"] = readTargets(part) })
	read("actions", func(part *kit.Form) { m.Actions, m.rows["actions"] = readActions(part) })
	read("wishes", func(part *kit.Form) { m.Answers, m.Wishes = readAnswers(part), readWishes(part) })
	read("money", func(part *kit.Form) { m.Money, m.rows["money"] = readMoney(part, m.rows["targets"]) })
	return m
}

func inGroup(problems fault.Problems, name string) (moved fault.Problems) {
	for _, problem := range problems {
		moved.Add(name+"-"+problem.Field, problem.Text)
	}
	return moved
}

// leaveOut empties the rows of people whom the page suggested and nobody spoke of.
func leaveOut(part *kit.Form) {
	for n := range rowsOf(part) {
		name := part.Value(kit.Row("name", n))
		if part.Value(kit.Row("came", n)) == "" && name == part.Value(kit.Row("suggested", n)) {
			part.Set(kit.Row("name", n), "")
		}
	}
}

// leaveIt is chosen for a wish that needs no answer any more.
const leaveIt = "leave"

func readAnswers(part *kit.Form) (answers []meeting.Answer) {
	for _, text := range part.All("wish") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			continue
		}
		at := func(name string) string { return fmt.Sprintf("%s-%d", name, id) }
		kind, words := part.Value(at("kind")), part.Text(at("answer"), "The answer", voice.WordsMax)
		if kind == "" && words == "" || kind == leaveIt {
			continue
		}
		answer := meeting.Answer{WishID: id, NewAnswer: voice.NewAnswer{Kind: voice.Kind(kind), Words: words}}
		answer.Version = int(part.ID(at("version")))
		if answer.Kind == voice.WillHappen {
			answer.HappensBy = part.OptionalDate(at("by"), "By when")
		}
		answers = append(answers, answer)
	}
	return answers
}

// readWishes takes each line for a wish.
func readWishes(part *kit.Form) (wishes []string) {
	for line := range strings.Lines(part.Text("new", "What the child asks for", meeting.MostWishes*voice.WordsMax)) {
		if line = strings.TrimSpace(line); line != "" {
			wishes = append(wishes, line)
		}
	}
	return wishes
}

// readMoney reads the lines of money. The page counts targets by its rows, the minutes by those that
// were filled in.
func readMoney(part *kit.Form, targetRows []int) (lines []meeting.Line, rows []int) {
	for n := range rowsOf(part) {
		at := func(name string) string { return kit.Row(name, n) }
		if blank(part, n, "purpose", "difference", "amount", "owner") {
			continue
		}
		line := meeting.Line{
			Purpose:    part.Text(at("purpose"), "What is paid for", premium.TextLimit),
			Difference: part.Text(at("difference"), "What will be different", premium.TextLimit),
			Category:   premium.Category(part.Value(at("category"))),
			Amount:     part.Money(at("amount"), "The cost"),
			Owner:      part.Text(at("owner"), "Who sees to it", pep.NameMax),
			By:         part.OptionalDate(at("by"), "By when"),
		}
		if chosen := part.ID(at("target")); chosen > 0 {
			line.Target = -1 // a row that was left empty
			for position, row := range targetRows {
				if int64(row) == chosen-1 {
					line.Target = position + 1
				}
			}
		}
		lines = append(lines, line)
		rows = append(rows, n)
	}
	return lines, rows
}

// placed names a service's problems as the page names its fields.
func (m written) placed(err error) error {
	found := fault.Of(err)
	if found == nil {
		return err
	}
	var moved fault.Problems
	for _, problem := range found {
		part, field, _ := strings.Cut(problem.Field, "/")
		one := fault.Problems{{Field: field, Text: problem.Text}}
		if rows, repeated := m.rows[part]; repeated {
			one = fault.Of(inRows(one.Err(), rows))
		}
		moved = append(moved, inGroup(one, part)...)
	}
	return moved.Err()
}

// fillRoom fills the form for its first look: with what is saved, and what is likely where nothing is.
func fillRoom(form *kit.Form, v roomView) {
	whole := v.Whole
	fill := func(name string, fields func(part *kit.Form)) {
		part := under(form, name)
		part.SetVersion(whole.Part(pep.Part(name)).Version)
		fields(part)
		form.Join(part)
	}
	fill("voice", func(part *kit.Form) {
		said := whole.Plan.Voice
		if said == (pep.Voice{}) {
			said.On = v.Today
		}
		fillVoice(part, said)
	})
	fill("meeting", func(part *kit.Form) { fillMeeting(part, v.likely()); v.suggestPeople(part) })
	fill("reviews", func(part *kit.Form) { fillReviews(part, whole.Reviews) })
	fill("targets", func(part *kit.Form) { fillTargets(part, whole) })
	fill("actions", func(part *kit.Form) { fillActions(part, whole.Actions) })
	form.Set("money-rows", "1")
	for _, wish := range v.Wishes {
		form.Set(fmt.Sprintf("wishes-version-%d", wish.ID), strconv.Itoa(wish.Version))
	}
}

// likely is the meeting as it is saved or, where nothing is, as it probably is: today or on the day
// planned, with the next one on the day that the rule suggests.
func (v roomView) likely() pep.Meeting {
	m := v.Whole.Meeting()
	if m.On.IsZero() {
		m.On = v.Today
	}
	m.Held = m.Held || !m.On.After(v.Today)
	if m.Next.IsZero() {
		m.Next = v.Next
	}
	return m
}

// suggestPeople puts those who are likely to be there into a list that nobody has begun.
func (v roomView) suggestPeople(part *kit.Form) {
	if len(v.Whole.Attendees) > 0 {
		return
	}
	people := meeting.Suggest(v.Strip.Name, v.People, v.LastTime)
	for n := range max(len(people), len(usualParts)) {
		for _, field := range []string{"name", "part", "came"} {
			part.Set(kit.Row(field, n), "")
		}
	}
	for n, person := range people {
		part.Set(kit.Row("name", n), person.Name)
		part.Set(kit.Row("part", n), person.Part)
		part.Set(kit.Row("suggested", n), person.Name)
	}
	setRows(part, len(people), 1, pep.MostAttended)
}

// nextIn is the day of the next meeting as it stands in the form.
func nextIn(form *kit.Form) calendar.Date { return under(form, "meeting").OptionalDate("next", "") }
