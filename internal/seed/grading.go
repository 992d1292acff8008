package seed

import (
	"context"
	"math/rand/v2"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/pep"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// judging is chance about a plan's quality, apart from the child's story, so that the one does not
// change the other.
func (p *paper) judging(round uint64) *rand.Rand {
	term := uint64(p.when.term.AcademicYear)*10 + uint64(len(p.when.term.Name))                                   //nolint:gosec // small
	return rand.New(rand.NewPCG(p.c.options.Random, uint64(p.y.n)<<32|term<<8|uint64(len(p.when.kind))<<4|round)) //nolint:gosec // the same every time, on purpose
}

// graded says whether the plan was picked for quality assurance: most are, in a demonstration.
func (p *paper) graded() bool { return p.y.n < len(featured) || chance(p.judging(0), 60) }

// marker grades the plan that somebody submitted on a day: the advisor, or the lead where the advisor
// had to submit it.
func (p *paper) marker(submitted calendar.Date) access.Actor {
	if p.teacher(submitted).ID == p.y.advisor.ID {
		return p.c.staff.lead.Actor
	}
	return p.y.advisor.Actor
}

// secondMarker is the lead, or the deputy where the lead graded the plan first.
func (p *paper) secondMarker(submitted calendar.Date) access.Actor {
	if p.marker(submitted).ID == p.c.staff.lead.ID {
		return p.c.staff.deputy.Actor
	}
	return p.c.staff.lead.Actor
}

// gradingNotes are what markers write about a criterion that is less than good.
var gradingNotes = map[string][]string{
	"heard":      {"Say what came of the wish for a quiet place to work.", "The words are there; show which target or action answers them."},
	"attainment": {"Add where {name} should be by the end of the year, so that progress can be judged.", "The grades are from last term. Bring the latest to the next meeting."},
	"needs":      {"Say how the need shows in lessons, not only its name.", "Ask the carer what helps at home, and use it in school."},
	"ambition":   {"The targets would suit anybody in the class. What matters to {name}?", "Aim higher in number: {name} was nearly there already."},
	"strategies": {"“Extra help” is not enough: who, when and how often?", "Name something the carer does as well."},
	"carer":      {"The carer’s part is one line. Ask what they see and what they will do.", "Add what the carer asked for at the meeting."},
}

// marks are what somebody gives: the facts as they are, a judgement that depends on the plan, and a
// slip of their own. One criterion is red in a plan that is to go back.
func (p *paper) marks(sheet quality.Sheet, own *rand.Rand, back bool) map[string]quality.Given {
	worth := p.judging(1)
	red := worth.IntN(4)
	given, judged := map[string]quality.Given{}, 0
	for _, c := range sheet.Applying {
		finding, found := sheet.Found[c.Key]
		fact := sheet.Rubric.Facts[finding.Level]
		switch {
		case found && fact == "red":
			given[c.Key] = quality.Given{Grade: "amber", Note: "Put right by telephone with the school; please write it in next time."}
		case found:
			given[c.Key] = quality.Given{Grade: fact}
		default:
			grade := "green"
			if thin := chance(worth, 18); thin != chance(own, 9) {
				grade = "amber"
			}
			if back && judged == red {
				grade = "red"
			}
			judged++
			one := quality.Given{Grade: grade}
			if grade != "green" {
				one.Note = p.y.fill(pick(worth, gradingNotes[c.Key]), nil)
			}
			given[c.Key] = one
		}
	}
	return given
}

// sheet is the rubric laid out for the plan as it stands.
func (p *paper) sheet(ctx context.Context, now *desk) (quality.Sheet, *quality.SecondMarking, []quality.FollowUp, error) {
	var values policy.Values
	var second *quality.SecondMarking
	var follow []quality.FollowUp
	var batch postgres.Batch
	whole := pep.QueueWhole(&batch, now.plans.Forms, p.ref)
	handed := quality.QueueHandedIn(&batch, p.ref)
	policy.Queue(&batch, &values)
	quality.QueueSecond(&batch, &second, p.ref)
	quality.QueueFollowUps(&batch, &follow, p.ref)
	if err := now.db.View(ctx, access.System, &batch); err != nil {
		return quality.Sheet{}, nil, nil, err
	}
	rubric, _ := now.quality.Rubrics.Pick(values.PEPQualityRubric())
	return rubric.Lay(handed().Known(whole(), p.c.days.working, pep.DeadlinesOf(values))), second, follow, nil
}

// grade records the marks, which signs the plan off or gives it back.
func (p *paper) grade(ctx context.Context, now *desk, by access.Actor, back bool) error {
	sheet, _, _, err := p.sheet(ctx, now)
	if err != nil {
		return err
	}
	in := quality.Grading{Version: p.version, Rubric: sheet.Rubric.Name, RubricVersion: sheet.Rubric.Version, Given: p.marks(sheet, p.judging(2), back)}
	if back {
		in.Reason = sheet.Rubric.Reason(sheet.Applying, sheet.Marks(in.Given))
	}
	_, err = now.quality.Record(ctx, by, p.ref, in)
	p.version++
	return err
}

// markAgain is the second marking, where the plan was picked for one.
func (p *paper) markAgain(ctx context.Context, now *desk, by access.Actor) error {
	sheet, second, _, err := p.sheet(ctx, now)
	if err != nil || second == nil || !second.Waiting() {
		return err
	}
	_, err = now.quality.RecordSecond(ctx, by, p.ref, quality.Grading{Rubric: sheet.Rubric.Name, RubricVersion: sheet.Rubric.Version, Given: p.marks(sheet, p.judging(3), false)})
	return err
}

// settle records what two markers who differ agreed, most of the time.
func (p *paper) settle(ctx context.Context, now *desk, by access.Actor) error {
	var graded []quality.Graded
	var batch postgres.Batch
	quality.QueueGraded(&batch, &graded, p.ref)
	if err := now.db.View(ctx, access.System, &batch); err != nil {
		return err
	}
	random := p.judging(5)
	if len(graded) < 2 || graded[0].First() || graded[0].Grade == graded[1].Grade || !chance(random, 70) {
		return nil
	}
	return now.quality.Settle(ctx, by, p.ref, pick(random, graded[:2]).Grade, pick(random, agreedHow))
}

var agreedHow = []string{
	"Read it together against the rubric: the targets follow from what the child said.", "The notes of the first marker stand; the plan could be anybody’s.",
	"Agreed that a current figure counts, even where the register had gaps.",
}

// answerNotes says what was done about what the last plan left, but for one in four.
func (p *paper) answerNotes(ctx context.Context, now *desk, by access.Actor) error {
	_, _, follow, err := p.sheet(ctx, now)
	if err != nil {
		return err
	}
	done, random := map[int64]string{}, p.judging(4)
	for _, one := range follow {
		if one.Open() && chance(random, 75) {
			done[one.ID] = pick(random, dealtWith)
		}
	}
	if len(done) == 0 {
		return nil
	}
	return now.quality.DealWith(ctx, by, p.ref, done)
}

var dealtWith = []string{
	"Talked through at the meeting and written into the plan.", "Done: see the new targets.", "The class teacher now writes this part.",
	"Asked the carer before the meeting this time.", "Figures are the latest from the school’s own system.",
}
