package attendance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

// Answer is what a school says to the one question of a link.
type Answer string

// Answers, each a code of the register.
var Answers = []struct {
	Answer Answer
	Words  string
	code   mark.Code
}{
	{"in", "In school", "/"},
	{"late", "In school, came late", mark.Late},
	{"ill", "Not in: ill", "I"},
	{"unknown", "Not in: we do not know why yet", mark.Unknown},
}

func (a Answer) code() (mark.Code, bool) {
	for _, one := range Answers {
		if one.Answer == a {
			return one.code, true
		}
	}
	return "", false
}

// Question is what stands behind a link that works. It names nobody: the school knows whom it was asked about.
type Question struct {
	Initials string
	School   string
	Day      calendar.Date
	Session  mark.Session
}

// LinkPath is the address of the page that a token opens.
func LinkPath(token string) string { return "/is-in/" + token }

// AskByLink makes a link that asks a school whether a child is in: for the morning until noon, then for the
// afternoon. It works once and to the end of the day; one made before for the same is taken back. The token
// is returned once and kept nowhere. It needs MakeCalls. Problems are about "setting".
func (s *Service) AskByLink(ctx context.Context, actor access.Actor, childID, settingID int64) (string, error) {
	token := rand.Text()
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.MakeCalls, access.Facts{}); err != nil {
			return err
		}
		args := postgres.Args{"child": childID, "setting": settingID, "session": string(sessionAt(tx)), "hash": hashOf(token), "by": actor.ID, "expires": tx.Today.AddDays(1).Start()}
		onRoll, err := postgres.GetValue[bool](ctx, tx, `select exists (select from roll where child_id = @child and setting_id = @setting and period @> @today::date) from child where id = @child`, args)
		if err != nil {
			return err
		}
		if !onRoll {
			return fault.Invalid("setting", "Choose a school where the child is on roll today")
		}
		calendars, err := setting.LoadCalendars(ctx, tx, []int64{settingID})
		if err != nil {
			return err
		}
		if !NewExpectation(calendars).Open(settingID, tx.Today) {
			return fault.Invalid("setting", "By its calendar this school is closed today")
		}
		if _, err := tx.Do(ctx, `update attendance_link set revoked_at = @now where child_id = @child and setting_id = @setting and day = @today and session = @session
			and used_at is null and revoked_at is null`, args); err != nil {
			return err
		}
		id, err := postgres.GetValue[int64](ctx, tx, `insert into attendance_link (child_id, setting_id, day, session, token_hash, made_by, made_at, expires_at)
			values (@child, @setting, @today, @session, @hash, @by, @now, @expires) returning id`, args)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "attendance_link", SubjectID: id, Action: "made"})
	})
	return token, err
}

func sessionAt(tx *postgres.Tx) mark.Session {
	if tx.Now.Sub(tx.Today.Start()) < 12*time.Hour {
		return mark.AM
	}
	return mark.PM
}

// foundLink is a link as its token finds it.
type foundLink struct {
	ID, ChildID, SettingID              int64
	Day                                 calendar.Date
	Session                             mark.Session
	UsedKey                             string
	Works                               bool
	School, PreferredName, Forename, SN string
}

// Question looks behind a link without using it up. NotFound for any that does not work, whatever the
// reason. Anyone may try; the page slows down those who guess.
func (s *Service) Question(ctx context.Context, token string) (q Question, err error) {
	err = s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		link, err := workingLink(ctx, tx, token)
		q = Question{Initials: initials(link.Forename, link.PreferredName, link.SN), School: link.School, Day: link.Day, Session: link.Session}
		return err
	})
	return q, err
}

// AnswerLink keeps a school's answer as its mark and uses the link up. Key is the form's own: sent twice, it
// is answered as the first time and done once. NotFound as in Question; problems are about "answer".
func (s *Service) AnswerLink(ctx context.Context, token, key string, answer Answer) error {
	return s.DB.Change(alone(ctx), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		link, err := workingLink(ctx, tx, token)
		if link.UsedKey != "" && link.UsedKey == hashOf(key) {
			return nil
		}
		if err != nil {
			return err
		}
		code, known := answer.code()
		if !known {
			return fault.Invalid("answer", "Choose an answer")
		}
		if err := tx.DoOne(ctx, `update attendance_link set used_at = @now, used_key = @key where id = @link and used_at is null and revoked_at is null`,
			postgres.Args{"link": link.ID, "key": hashOf(key)}); err != nil {
			return err
		}
		keeping, err := Open(ctx, tx, Delivery{Source: SchoolLink, SettingID: link.SettingID, Label: "One question, answered by link"})
		if err != nil {
			return err
		}
		if err := keeping.Add(ctx, []Mark{{ChildID: link.ChildID, SettingID: link.SettingID, Day: link.Day, Session: link.Session, Code: code.At(link.Session)}}); err != nil {
			return err
		}
		result, err := keeping.Close(ctx)
		if err == nil && len(result.Refused) > 0 {
			err = fault.Invalid("answer", result.Refused[0].Text)
		}
		return err
	})
}

// workingLink holds the link that a token opens. One that was used comes with its NotFound, so that the
// form that used it can be told apart.
func workingLink(ctx context.Context, tx *postgres.Tx, token string) (foundLink, error) {
	link, err := postgres.Get[foundLink](ctx, tx, `select l.id, l.child_id, l.setting_id, l.day, l.session, coalesce(l.used_key, '') as used_key,
			l.used_at is null and l.revoked_at is null and l.expires_at > @now::timestamptz
				and exists (select from account m where m.id = l.made_by and m.state = 'active') as works, s.name as school,
			coalesce(c.preferred_name, '') as preferred_name, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as sn
		from attendance_link l join setting s on s.id = l.setting_id join child c on c.id = l.child_id where l.token_hash = @hash for update of l`,
		postgres.Args{"hash": hashOf(token)})
	if err == nil && !link.Works {
		err = fault.NotFound()
	}
	return link, err
}

// initials are the first letters of a name: "M.O.".
func initials(forename, preferred, surname string) string {
	if preferred != "" {
		forename = preferred
	}
	text := ""
	for _, name := range []string{forename, surname} {
		if r, _ := utf8.DecodeRuneInString(name); name != "" {
			text += strings.ToUpper(string(r)) + "."
		}
	}
	return text
}

// alone takes the form off the context: it is of somebody who has no account to keep it under.
func alone(ctx context.Context) context.Context { return postgres.WithSubmission(ctx, nil) }

func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
