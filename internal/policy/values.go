package policy

import (
	"context"
	"encoding/json"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
)

// Values are all local values as they stand on one day. The zero Values is a council that has set none.
type Values struct {
	rows []row
}

type row struct {
	Key    Key
	Value  json.RawMessage
	From   calendar.Date
	Source string
}

const todaysSQL = `select key, value, lower(valid) as from, source from policy_value where valid @> @today::date`

// Queue reads the values of today with a page's other queries.
func Queue(batch *postgres.Batch, into *Values) {
	postgres.Many(batch, &into.rows, todaysSQL, nil)
}

// Load reads the values of the transaction's day.
func Load(ctx context.Context, tx *postgres.Tx) (Values, error) {
	rows, err := postgres.List[row](ctx, tx, todaysSQL, nil)
	return Values{rows: rows}, err
}

// PEPInitiateWorkingDays is how long the social worker has to start the first plan (R6).
func (v Values) PEPInitiateWorkingDays() int { return v.number(PEPInitiateWorkingDays) }

// PEPCompleteWorkingDays is by when the first plan must be usable (Care Planning Regulations 2010 reg. 33(1); R7).
func (v Values) PEPCompleteWorkingDays() int { return v.number(PEPCompleteWorkingDays) }

// PEPGapMonths is the most months between two meetings (R9).
func (v Values) PEPGapMonths() int { return v.number(PEPGapMonths) }

// PEPSignOffWorkingDays is how long after the meeting a plan may stay unfinished (R11).
func (v Values) PEPSignOffWorkingDays() int { return v.number(PEPSignOffWorkingDays) }

// PEPSchoolChangeWorkingDays is by when a plan follows a change of school (R14).
func (v Values) PEPSchoolChangeWorkingDays() int { return v.number(PEPSchoolChangeWorkingDays) }

// PEPQualityRubric is the name of the rubric by which plans are graded (R12).
func (v Values) PEPQualityRubric() string { return v.value(PEPQualityRubric).(string) }

// PEPQualitySamplePercent is the share of submitted plans that must be graded, whatever else picks them.
func (v Values) PEPQualitySamplePercent() int { return v.number(PEPQualitySamplePercent) }

// PEPQualityNewAuthorPlans is how many first plans of an author must be graded.
func (v Values) PEPQualityNewAuthorPlans() int { return v.number(PEPQualityNewAuthorPlans) }

// PEPQualitySecondPercent is the share of graded plans that are marked a second time, blind.
func (v Values) PEPQualitySecondPercent() int { return v.number(PEPQualitySecondPercent) }

// VoiceAnswerWorkingDays is by when what a child asked for is answered.
func (v Values) VoiceAnswerWorkingDays() int { return v.number(VoiceAnswerWorkingDays) }

// PEPDraftDays is how long unsaved words are kept after they were last typed.
func (v Values) PEPDraftDays() int { return v.number(PEPDraftDays) }

// PEPMinimumTermDays is how many working days of a term in care make its review due (R9).
func (v Values) PEPMinimumTermDays() int { return v.number(PEPMinimumTermDays) }

// PEPFirstYear is the first curriculum year with a plan: 0 is Reception, -2 the year of the third birthday (R5).
func (v Values) PEPFirstYear() int { return v.number(PEPFirstYear) }

// PEPLastYear is the last curriculum year with a plan (R5).
func (v Values) PEPLastYear() int { return v.number(PEPLastYear) }

// PremiumDeputyLimit is the most a deputy may approve on one request; 0: no limit (R36).
func (v Values) PremiumDeputyLimit() money.Pence { return v.value(PremiumDeputyLimit).(money.Pence) }

// PremiumScheme is the key of the paying policy that holds (package premium/scheme).
func (v Values) PremiumScheme() string { return v.value(PremiumScheme).(string) }

// PremiumTwoApprovers is the sum above which two different people approve; 0: one is always enough.
// The database reads the same value (migration 000022).
func (v Values) PremiumTwoApprovers() money.Pence { return v.value(PremiumTwoApprovers).(money.Pence) }

// PremiumPanel is the sum above which a panel has looked at a request before it is approved; 0: none.
// The database reads the same value (migration 000022).
func (v Values) PremiumPanel() money.Pence { return v.value(PremiumPanel).(money.Pence) }

// TimetableReviewWeeks is the most weeks until a reduced timetable is looked at again (R31).
func (v Values) TimetableReviewWeeks() int { return v.number(TimetableReviewWeeks) }

// AttendanceMinimumSessions is how many possible sessions a persistent absence flag needs (R21).
func (v Values) AttendanceMinimumSessions() int { return v.number(AttendanceMinimumSessions) }

// AccountReviewDays is by when after a term begins everybody's access has been reviewed.
func (v Values) AccountReviewDays() int { return v.number(AccountReviewDays) }

// AccountQuietDays is after how many days without signing in an account is listed for ending.
func (v Values) AccountQuietDays() int { return v.number(AccountQuietDays) }

// AuthorityPostcodeDistricts are the districts inside the authority, like "DY1"; empty when not entered.
func (v Values) AuthorityPostcodeDistricts() []string {
	return v.value(AuthorityPostcodeDistricts).([]string)
}

// SecondFactorRoles are the roles that need a second factor to sign in.
func (v Values) SecondFactorRoles() []access.Role { return v.value(SecondFactorRoles).([]access.Role) }

// PasskeyRoles are the roles that need a passkey.
func (v Values) PasskeyRoles() []access.Role { return v.value(PasskeyRoles).([]access.Role) }

// Roles is a value that is a list of roles; false for one of another kind.
func (v Values) Roles(key Key) ([]access.Role, bool) {
	roles, many := v.value(key).([]access.Role)
	return roles, many
}

// Source says in words where a value comes from, for the line under a deadline.
func (v Values) Source(key Key) string {
	if found, ok := v.find(key); ok {
		return found.Source
	}
	definition, _ := key.Definition()
	return definition.Source
}

// Words is a value as a page says it: "20", "£1,500.00", "B62, DY1".
func (v Values) Words(key Key) string {
	definition, _ := key.Definition()
	return definition.Words(v.value(key))
}

// LookingManyChildren is the fewest children seen in a day that count as many.
func (v Values) LookingManyChildren() int { return v.number(LookingManyChildren) }

// LookingManyTimes is how many times a person's usual day that must be.
func (v Values) LookingManyTimes() int { return v.number(LookingManyTimes) }

// LookingOpensHour is the hour from which records are opened as usual.
func (v Values) LookingOpensHour() int { return v.number(LookingOpensHour) }

// LookingClosesHour is the hour from which opening them is out of hours.
func (v Values) LookingClosesHour() int { return v.number(LookingClosesHour) }

// LookingOddChildren is the fewest children in a week, out of hours, to ask about.
func (v Values) LookingOddChildren() int { return v.number(LookingOddChildren) }

// LookingNotOwnChildren is the fewest children in a week who are not a person's own, to ask about.
func (v Values) LookingNotOwnChildren() int { return v.number(LookingNotOwnChildren) }

// LookingAloneDays is on how many days a child whom nobody else opens is asked about.
func (v Values) LookingAloneDays() int { return v.number(LookingAloneDays) }

// Since is the day from which the council's own value holds; zero while the default does.
func (v Values) Since(key Key) calendar.Date {
	found, _ := v.find(key)
	return found.From
}

func (v Values) number(key Key) int { return v.value(key).(int) }

func (v Values) value(key Key) any {
	definition, _ := key.Definition()
	if found, ok := v.find(key); ok {
		if value, readable := definition.read(found.Value); readable {
			return value
		}
	}
	return definition.Default
}

func (v Values) find(key Key) (row, bool) {
	for _, one := range v.rows {
		if one.Key == key {
			return one, true
		}
	}
	return row{}, false
}
