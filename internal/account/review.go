package account

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/policy"
	"virtualschool/internal/postgres"
)

// Answer is what is said of one person's access, once a term.
type Answer string

const (
	Keep    Answer = "keep"
	EndHere Answer = "end"
)

// mostReason is how long a reason may be, in characters.
const mostReason = 500

// ReviewTerm is the term whose review of access is under way: the last that has begun.
type ReviewTerm struct {
	AcademicYear int
	Name         string
	Starts       calendar.Date
}

// Label is "Autumn 2026/27"; empty when no term has begun.
func (t ReviewTerm) Label() string {
	if t.AcademicYear == 0 {
		return ""
	}
	return calendar.Term{AcademicYear: t.AcademicYear, Name: t.Name}.Label()
}

// Due is the last day of the review, so many days after the term began (policy account.review_days).
func (t ReviewTerm) Due(values policy.Values) calendar.Date {
	return t.Starts.AddDays(values.AccountReviewDays())
}

// ReviewPlace is how far the review of one school has come. SettingID 0 is everybody at no school.
type ReviewPlace struct {
	SettingID  int64
	Name       string
	People     int
	Unanswered int
	LastBy     string // who answered last
	LastAt     *time.Time
}

// TeamName is what the place of those who belong to no school is called.
const TeamName = "Virtual School and social care"

const reviewTermSQL = `select academic_year, name, starts from term
	where authority_code = @authority and setting_id is null and starts <= @today::date order by starts desc limit 1`

// inReview are those whose access is reviewed, by place: people at schools today, and everybody else but
// invited colleagues, whose access ends by itself.
const inReview = `in_review as (
		select a.id, m.setting_id, m.post from account a join account_setting m on m.account_id = a.id and m.period @> @today::date
			where a.state <> 'ended' and a.role = 'school'
		union all
		select a.id, null, null from account a where a.state <> 'ended' and a.role not in ('school', 'colleague', 'service')),
	this_term as (` + reviewTermSQL + `)`

// QueueReviewTerm queues the term of the review; nil before any term of the authority has begun.
func QueueReviewTerm(batch *postgres.Batch, into **ReviewTerm, authority string) {
	postgres.Maybe(batch, into, reviewTermSQL, postgres.Args{"authority": authority})
}

// QueueReview queues how far each place has come, those with something unanswered first.
func QueueReview(batch *postgres.Batch, into *[]ReviewPlace, authority string) {
	postgres.Many(batch, into, `with `+inReview+`
		select coalesce(r.setting_id, 0) as setting_id, coalesce(max(s.name), @team) as name, count(*)::int as people,
			count(*) filter (where x.id is null)::int as unanswered,
			coalesce((array_agg(b.name order by x.answered_at desc nulls last))[1], '') as last_by, max(x.answered_at) as last_at
		from in_review r cross join this_term t left join setting s on s.id = r.setting_id
		left join access_answer x on x.account_id = r.id and x.setting_id is not distinct from r.setting_id
			and x.academic_year = t.academic_year and x.term = t.name
		left join account b on b.id = x.answered_by
		group by r.setting_id order by count(*) filter (where x.id is null) = 0, r.setting_id is not null, name, r.setting_id`,
		postgres.Args{"authority": authority, "team": TeamName})
}

// ReviewLeft is what a review still waits for.
type ReviewLeft struct {
	Unanswered int
	Starts     calendar.Date // of its term
}

// Due is the last day of the review.
func (l ReviewLeft) Due(values policy.Values) calendar.Date {
	return ReviewTerm{Starts: l.Starts}.Due(values)
}

// QueueReviewLeft queues of how many people nothing was said yet this term; nil before any term has begun.
func QueueReviewLeft(batch *postgres.Batch, into **ReviewLeft, authority string) {
	postgres.Maybe(batch, into, `with `+inReview+`
		select t.starts, count(r.id) filter (where x.id is null)::int as unanswered
		from this_term t left join in_review r on true
		left join access_answer x on x.account_id = r.id and x.setting_id is not distinct from r.setting_id
			and x.academic_year = t.academic_year and x.term = t.name
		group by t.starts`, postgres.Args{"authority": authority})
}

// Reviewed is one person of a place, and what was said of their access this term.
type Reviewed struct {
	ID         int64
	Name       string
	Email      string
	Role       access.Role
	Post       string // at the school
	State      State
	SignedInAt *time.Time
	Answer     Answer // empty: nothing yet
	Reason     string
	AnsweredBy string
	AnsweredAt *time.Time
}

// Asked says whether an answer is still wanted.
func (r Reviewed) Asked() bool { return r.Answer == "" }

// QueueReviewed queues the people of one place; those who were ended this term stay on the list.
func QueueReviewed(batch *postgres.Batch, into *[]Reviewed, authority string, settingID int64) {
	postgres.Many(batch, into, `with `+inReview+`,
		people as (
			select id, post from in_review where setting_id is not distinct from nullif(@setting::bigint, 0)
			union
			select x.account_id, null from access_answer x join this_term t on x.academic_year = t.academic_year and x.term = t.name
				where x.setting_id is not distinct from nullif(@setting::bigint, 0) and x.answer = 'end')
		select a.id, a.name, a.email, a.role, coalesce(max(p.post), '') as post, a.state, a.signed_in_at, coalesce(x.answer, '') as answer,
			coalesce(x.reason, '') as reason, coalesce(b.name, '') as answered_by, x.answered_at
		from people p join account a on a.id = p.id left join this_term t on true
		left join access_answer x on x.account_id = a.id and x.setting_id is not distinct from nullif(@setting::bigint, 0)
			and x.academic_year = t.academic_year and x.term = t.name
		left join account b on b.id = x.answered_by
		group by a.id, x.id, b.name order by x.id is not null, plain_name(a.name), a.id`,
		postgres.Args{"authority": authority, "setting": settingID})
}

// Said is one answer.
type Said struct {
	AccountID int64
	Answer    Answer
	Reason    string // needed to end
}

// Review keeps what was said of people at one place (0: at no school) for the term that is under way. Who
// is ended at a school leaves it, and an account that then belongs to no school ends; at no school the
// account ends. All of it is kept, or nothing. Nobody answers about themselves. Problems are about
// "answer-ID" and "reason-ID".
func (s *Service) Review(ctx context.Context, actor access.Actor, authority string, settingID int64, all []Said) error {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return err
	}
	if err := checkSaid(actor, all).Err(); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		term, err := postgres.Get[ReviewTerm](ctx, tx, reviewTermSQL, postgres.Args{"authority": authority})
		if err != nil {
			return err
		}
		for _, said := range all {
			if err := s.answer(ctx, tx, term, settingID, said); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkSaid(actor access.Actor, all []Said) fault.Problems {
	var problems fault.Problems
	for _, said := range all {
		switch {
		case said.AccountID == actor.ID:
			problems.Addf(field("answer", said), "Somebody else answers about you")
		case said.Answer != Keep && said.Answer != EndHere:
			problems.Addf(field("answer", said), "Choose keep or end")
		case said.Answer == EndHere && strings.TrimSpace(said.Reason) == "":
			problems.Addf(field("reason", said), "Say why this person's access ends")
		case utf8.RuneCountInString(said.Reason) > mostReason:
			problems.Addf(field("reason", said), "Use %d characters or fewer", mostReason)
		}
	}
	return problems
}

func (s *Service) answer(ctx context.Context, tx *postgres.Tx, term ReviewTerm, settingID int64, said Said) error {
	person, err := lock(ctx, tx, said.AccountID)
	if err != nil {
		return err
	}
	if err := mayManage(tx.Actor, person.Role); err != nil {
		return err
	}
	args := postgres.Args{"account": said.AccountID, "setting": settingID, "year": term.AcademicYear, "term": term.Name,
		"answer": said.Answer, "reason": strings.TrimSpace(said.Reason), "by": tx.Actor.ID}
	here, err := postgres.GetValue[bool](ctx, tx, `select case when @setting::bigint = 0 then a.role not in ('school', 'colleague', 'service')
			else exists (select from account_setting m where m.account_id = a.id and m.setting_id = @setting and m.period @> @today::date) end
		from account a where a.id = @account and a.state <> 'ended'`, args)
	if err != nil {
		return err
	}
	if !here {
		return fault.NotFound()
	}
	if _, err := tx.Do(ctx, `insert into access_answer (account_id, setting_id, academic_year, term, answer, reason, answered_by, answered_at)
		values (@account, nullif(@setting::bigint, 0), @year, @term, @answer, @reason, @by, @now)`, args); postgres.Constraint(err) == "access_answer_once" {
		return fault.Conflict("Somebody else has answered about one of these people meanwhile. Look again, and answer what is left.")
	} else if err != nil {
		return err
	}
	if err := audit.Change(ctx, tx, entry(said.AccountID, "access reviewed", nil, said)); err != nil || said.Answer == Keep {
		return err
	}
	if settingID != 0 {
		elsewhere, err := leaveSetting(ctx, tx, said.AccountID, settingID)
		if err != nil || elsewhere {
			return err
		}
	}
	return s.endAccount(ctx, tx, person)
}

// leaveSetting makes today somebody's last day at a school, and says whether they belong to another.
func leaveSetting(ctx context.Context, tx *postgres.Tx, accountID, settingID int64) (elsewhere bool, err error) {
	args := postgres.Args{"account": accountID, "setting": settingID}
	if _, err := tx.Do(ctx, `update account_setting set period = daterange(lower(period), @today::date + 1)
		where account_id = @account and setting_id = @setting and period @> @today::date`, args); err != nil {
		return false, err
	}
	return postgres.GetValue[bool](ctx, tx, `select exists (select from account_setting where account_id = @account and setting_id <> @setting
		and (upper(period) is null or upper(period) > @today))`, args)
}

// QueuePlaceName queues what a school is called. It fails the batch with NotFound for one that is not there.
func QueuePlaceName(batch *postgres.Batch, into *string, settingID int64) {
	postgres.Value(batch, into, `select name from setting where id = @id`, postgres.Args{"id": settingID})
}

// field names a field of the form about one person.
func field(name string, said Said) string { return fmt.Sprintf("%s-%d", name, said.AccountID) }
