package pep_test

import (
	"strings"
	"testing"

	"virtualschool/internal/fault"
	"virtualschool/internal/pep"
)

func TestWhatIsRefusedInTheTypedParts(t *testing.T) {
	t.Parallel()
	care, today, last := day("2026-06-01"), day("2026-11-23"), day("2026-07-10")
	long := strings.Repeat("x", 10000)
	meet := func(m pep.Meeting) fault.Problems { return m.Check(care, last, today) }
	for name, c := range map[string]struct {
		got   fault.Problems
		field string
	}{
		"voice in the future":     {pep.Voice{Words: "Hi", How: "in_person", On: day("2026-11-24")}.Check(care, today), "on"},
		"voice before care":       {pep.Voice{Words: "Hi", How: "in_person", On: day("2026-05-31")}.Check(care, today), "on"},
		"voice without a way":     {pep.Voice{Words: "Hi", On: today}.Check(care, today), "how"},
		"voice by magic":          {pep.Voice{How: "telepathy", On: today}.Check(care, today), "how"},
		"words and declined":      {pep.Voice{Words: "Hi", How: "declined", On: today}.Check(care, today), "how"},
		"10,000 characters":       {pep.Voice{Words: long, How: "writing", On: today}.Check(care, today), "words"},
		"voice in order":          {pep.Voice{Words: "Hi <b>", How: "writing", On: today}.Check(care, today), ""},
		"held tomorrow":           {meet(pep.Meeting{On: day("2026-11-24"), Held: true}), "on"},
		"held without a day":      {meet(pep.Meeting{Held: true}), "on"},
		"before the last one":     {meet(pep.Meeting{On: day("2026-07-09"), Held: true}), "on"},
		"before care":             {meet(pep.Meeting{On: day("2026-05-01"), Held: true}), "on"},
		"planned for last week":   {meet(pep.Meeting{On: day("2026-11-16")}), "on"},
		"planned for 2028":        {meet(pep.Meeting{On: day("2028-01-01")}), "on"},
		"next one the same day":   {meet(pep.Meeting{On: day("2026-11-20"), Held: true, Next: day("2026-11-20")}), "next"},
		"next one in two years":   {meet(pep.Meeting{On: day("2026-11-20"), Held: true, Next: day("2028-11-20")}), "next"},
		"nobody's name":           {meet(pep.Meeting{Attendees: []pep.Attendee{{Part: "carer"}}}), "name-0"},
		"no part":                 {meet(pep.Meeting{Attendees: []pep.Attendee{{Name: "Pat"}}}), "part-0"},
		"31 people":               {meet(pep.Meeting{Attendees: make([]pep.Attendee, 31)}), "attendees"},
		"meeting in order":        {meet(pep.Meeting{On: day("2026-11-20"), Held: true, Next: day("2027-02-01"), Attendees: []pep.Attendee{{Name: "Pat", Part: "carer"}}}), ""},
		"planned in order":        {meet(pep.Meeting{On: day("2026-12-01")}), ""},
		"target about nothing":    {pep.CheckTargets([]pep.Target{{What: "Read"}}, care), "area-0"},
		"empty target":            {pep.CheckTargets([]pep.Target{{Area: "literacy"}}, care), "what-0"},
		"target too long":         {pep.CheckTargets([]pep.Target{{Area: "literacy", What: long}}, care), "what-0"},
		"target due before care":  {pep.CheckTargets([]pep.Target{{Area: "literacy", What: "Read", DueOn: day("2026-01-01")}}, care), "due-0"},
		"nine targets":            {pep.CheckTargets(make([]pep.Target, 9), care), "targets"},
		"target with a null byte": {pep.CheckTargets([]pep.Target{{Area: "literacy", What: "Re\x00ad"}}, care), "what-0"},
		"review of another's":     {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "met"}}, []int64{8}), "outcome-7"},
		"no outcome":              {pep.CheckReviews([]pep.Review{{TargetID: 7}}, []int64{7}), "outcome-7"},
		"not met, no reason":      {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "not_met"}}, []int64{7}), "note-7"},
		"withdrawn, no reason":    {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "withdrawn"}}, []int64{7}), "note-7"},
		"goes on, no reason":      {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "carried_forward"}}, []int64{7}), "note-7"},
		"partly, no more to say":  {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "partly"}}, []int64{7}), ""},
		"met in order":            {pep.CheckReviews([]pep.Review{{TargetID: 7, Outcome: "met"}}, []int64{7}), ""},
		"action by nobody":        {pep.CheckActions([]pep.Action{{What: "Ring", DueOn: today}}, care, today), "owner-0"},
		"action without a day":    {pep.CheckActions([]pep.Action{{What: "Ring", Owner: "Pat"}}, care, today), "due-0"},
		"action in 2199":          {pep.CheckActions([]pep.Action{{What: "Ring", Owner: "Pat", DueOn: day("2199-01-01")}}, care, today), "due-0"},
		"action in order":         {pep.CheckActions([]pep.Action{{What: "Ring", Owner: "Pat", DueOn: today}}, care, today), ""},
	} {
		if c.field == "" && len(c.got) > 0 || c.field != "" && !c.got.Has(c.field) {
			t.Errorf("%s: %v", name, c.got)
		}
	}
}

// TestStatesAndActs shows these requirements.
//
// ASVS 5.0: 2.3.1
func TestStatesAndActs(t *testing.T) {
	t.Parallel()
	allowed := map[pep.State]map[pep.Act]pep.State{
		pep.Draft:      {pep.ActSubmit: pep.Submitted, pep.ActCancel: pep.Cancelled},
		pep.Submitted:  {pep.ActSignOff: pep.SignedOff, pep.ActReturn: pep.Returned, pep.ActCancel: pep.Cancelled, pep.ActTakeIn: pep.InQA},
		pep.InQA:       {pep.ActSignOff: pep.SignedOff, pep.ActReturn: pep.Returned, pep.ActCancel: pep.Cancelled},
		pep.Returned:   {pep.ActSubmit: pep.Submitted, pep.ActCancel: pep.Cancelled},
		pep.SignedOff:  {pep.ActSupersede: pep.Superseded},
		pep.Superseded: {}, pep.Cancelled: {},
	}
	for state, acts := range allowed {
		for _, act := range []pep.Act{pep.ActSubmit, pep.ActTakeIn, pep.ActSignOff, pep.ActReturn, pep.ActCancel, pep.ActSupersede} {
			to, err := state.Move(act)
			if want, ok := acts[act]; ok != (err == nil) || to != want {
				t.Errorf("%s from %s: %s, %v", act, state, to, err)
			}
		}
	}
}
