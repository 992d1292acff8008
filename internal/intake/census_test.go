package intake_test

import (
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance"
	"virtualschool/internal/attendance/census"
	"virtualschool/internal/intake"
	"virtualschool/internal/postgres"
)

const (
	censusPupils = "pupilonrolltableid,NativeId,dob,surname,upn,termlysessionspossible,enrolstatus\n" +
		"p1,SCH1,2014-May-06 00:00:00,Test,A801200001001,140.0,C\n" +
		"p2,SCH1,2012-Jan-01 00:00:00,Somebody,B123456789012,140.0,C\n"
	censusSessions = "pupilonrolltableid,NativeId,sessions,attendancereason\n" +
		"p1,SCH1,4.0,I\np1,SCH1,2.0,O\np2,SCH1,135.0,N\n"
)

func censusFiles(pupils, sessions string) []intake.Upload {
	return []intake.Upload{file("2027_spring_termlysessiondetailsonroll.csv", sessions), file("2027_spring_pupilonroll.csv", pupils)}
}

func TestACensusIsACheckOfTheMarks(t *testing.T) {
	t.Parallel()
	s, _, noah := register(t)
	result := apply(t, s.Service, intake.Census, censusFiles(censusPupils, censusSessions)...)
	s.counts(result, intake.Counts{New: 1})
	if said := strings.Join(result.Notices, " "); !strings.Contains(said, "autumn term 2026/27") || !strings.Contains(said, "1 are children in care") {
		t.Errorf("%q", said)
	}
	s.wants(`2026 autumn 140 {"I": 4, "O": 2}`, `select academic_year || ' ' || term || ' ' || possible || ' ' || codes from attendance_census where child_id = $1`, noah)
	s.counts(apply(t, s.Service, intake.Census, censusFiles(censusPupils, censusSessions)...), intake.Counts{Same: 1})
	s.counts(apply(t, s.Service, intake.Census, censusFiles(censusPupils, strings.Replace(censusSessions, "4.0", "5.0", 1))...), intake.Counts{Changed: 1})
	s.wants("2", `select count(*) from audit_change where action = 'census totals kept' and child_id = $1`, noah)
	s.wants("0", `select count(*) from attendance_half_term`)

	apply(t, s.Service, intake.Marks, file("week.csv", "Child ID,Date,AM,PM\nC2,19/11/2026,/,\\\nC2,20/11/2026,I,N\n"))
	var lines []attendance.CensusLine
	var terms []attendance.Counted
	var batch postgres.Batch
	attendance.QueueCounted(&batch, &terms)
	attendance.QueueCensus(&batch, &lines, 2026, "autumn")
	if err := s.DB.View(t.Context(), access.System, &batch); err != nil || len(lines) != 1 || len(terms) != 1 {
		t.Fatalf("%v %+v %+v", err, lines, terms)
	}
	day := terms[0].Day()
	held := lines[0].Marks(day)
	if held.Possible != 4 || !strings.Contains(census.Advice(lines[0].Census(), held, day), "136 sessions are not marked") || len(census.Compare(lines[0].Census(), held, day)) != 4 {
		t.Errorf("%+v: %+v", held, census.Compare(lines[0].Census(), held, day))
	}
}

func TestCensusFilesThatAreWrong(t *testing.T) {
	t.Parallel()
	s, _, _ := register(t)
	for name, c := range map[string]struct{ pupils, sessions, rule, value string }{
		"another birthday":    {strings.Replace(censusPupils, "2014-May-06", "2014-May-07", 1), censusSessions, "other-birthday", "2014-May-07 00:00:00"},
		"no number":           {strings.Replace(censusPupils, "140.0", "many", 1), censusSessions, "bad-number", "many"},
		"half a session":      {censusPupils, strings.Replace(censusSessions, "4.0", "4.5", 1), "bad-count", ""},
		"a code that is none": {censusPupils, strings.Replace(censusSessions, "4.0,I", "4.0,QQ", 1), "bad-count", ""},
	} {
		result := preview(t, s.Service, intake.Census, censusFiles(c.pupils, c.sessions)...)
		if result.Counts.Rejected != 1 || len(result.Problems) != 1 || result.Problems[0].Rule != c.rule || result.Problems[0].About != "C2" || result.Problems[0].Line != 2 ||
			c.value != "" && result.Problems[0].Value != c.value {
			t.Errorf("%s: %s %+v", name, result.Counts, result.Problems)
		}
	}
	for words, uploads := range map[string][]intake.Upload{
		"does not say which census": {file("pupils.csv", censusPupils)}, "two censuses": {file("2026_spring_a.csv", censusPupils), file("2026_autumn_b.csv", censusPupils)},
		"This looks like": {file("2026_spring.csv", longMarks)},
	} {
		if _, err := s.Preview(t.Context(), access.System, intake.Census, uploads); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", words, err)
		}
	}
}

// The published sample of a whole authority: 9,498 pupils of whom none is ours.
func TestTheSampleCensusIsRead(t *testing.T) {
	t.Parallel()
	const folder = samples + "/school_census/2025_spring_"
	paths := []string{folder + "pupilonroll.csv.gz", folder + "termlysessiondetailsonroll.csv.gz", folder + "pupilnolongeronroll.csv.gz", folder + "termlysessiondetailsoffroll.csv.gz"}
	if !present(paths...) {
		t.Log("the sample is not beside the repository")
		return
	}
	s, _, _ := register(t)
	result := preview(t, s.Service, intake.Census, files(t, paths...)...)
	s.counts(result, intake.Counts{})
}
