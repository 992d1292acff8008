package intake

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/mark"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
)

// AskedCode is a code of a file that is no national one, and nobody has said what it stands for at the school.
type AskedCode struct {
	SettingID int64
	School    string
	Written   string
	Marks     int // how many have it
}

// SaidCode is what a school's own code stands for: a national code, or no mark where it is empty.
type SaidCode struct {
	SettingID int64
	Written   string
	Code      mark.Code
}

// mostWritten is how many characters a code of a school's own may have; a longer text is a mistake.
const mostWritten = 12

type localCode struct {
	settingID int64
	written   string
}

// localCodes are the codes of schools' own: what was said of them, and what is met that nobody has said.
type localCodes struct {
	said map[localCode]mark.Code
	met  map[localCode]int
}

func (l *localCodes) load(ctx context.Context, tx *postgres.Tx) error {
	l.said, l.met = map[localCode]mark.Code{}, map[localCode]int{}
	rows, err := postgres.List[SaidCode](ctx, tx, `select setting_id, written, code from attendance_local_code`, nil)
	for _, r := range rows {
		l.said[localCode{r.SettingID, r.Written}] = r.Code
	}
	return err
}

// localCode says what a code stands for at the school of a mark, and takes note of one that nobody explained.
func (p *places) localCode(about sheet.Mark, written string) (mark.Code, bool) {
	at, refused := p.find(about)
	if refused != nil || utf8.RuneCountInString(written) > mostWritten {
		return "", false
	}
	key := localCode{at.settingID, plainText(written)}
	code, known := p.local.said[key]
	if !known {
		p.local.met[key]++
	}
	return code, known
}

// mostAsked is how many codes are asked about at once: a file with more is no register of marks.
const mostAsked = 50

// unsaid are the codes to ask about, school by school, the most frequent first.
func (l *localCodes) unsaid() []AskedCode {
	var asked []AskedCode
	for key, n := range l.met {
		asked = append(asked, AskedCode{SettingID: key.settingID, Written: key.written, Marks: n})
	}
	slices.SortFunc(asked, func(a, b AskedCode) int {
		return cmp.Or(cmp.Compare(b.Marks, a.Marks), cmp.Compare(a.SettingID, b.SettingID), cmp.Compare(a.Written, b.Written))
	})
	return asked[:min(len(asked), mostAsked)]
}

func keepAsked(ctx context.Context, tx *postgres.Tx, importID int64, asked []AskedCode) error {
	if len(asked) == 0 {
		return nil
	}
	var settings []int64
	var written []string
	var marks []int32
	for _, a := range asked {
		settings, written, marks = append(settings, a.SettingID), append(written, a.Written), append(marks, int32(a.Marks))
	}
	_, err := tx.Do(ctx, `insert into import_code (import_id, setting_id, written, marks) select @import, * from unnest(@settings::bigint[], @written::text[], @marks::int[])`,
		postgres.Args{"import": importID, "settings": settings, "written": written, "marks": marks})
	return err
}

const askedSQL = `select c.setting_id, s.name as school, c.written, c.marks from import_code c join setting s on s.id = c.setting_id where c.import_id = @import order by s.name, s.id, c.written`

// QueueAskedCodes queues the codes of an import that somebody has to explain.
func QueueAskedCodes(batch *postgres.Batch, into *[]AskedCode, importID int64) {
	postgres.Many(batch, into, askedSQL, postgres.Args{"import": importID})
}

// SayCodes says what codes of schools' own stand for, and has the file checked again. It is remembered for each
// school. The problem is about "codes"; Conflict for an import that does not ask.
func (s *Service) SayCodes(ctx context.Context, actor access.Actor, importID int64, said []SaidCode) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := s.move(ctx, tx, importID, `state = 'uploaded', done = 0, notice = ''`, Previewed); err != nil {
			return err
		}
		asked, err := postgres.List[AskedCode](ctx, tx, askedSQL, postgres.Args{"import": importID})
		if err != nil {
			return err
		}
		if err := answers(asked, said); err != nil {
			return err
		}
		var settings []int64
		var written, codes []string
		for _, one := range said {
			settings, written, codes = append(settings, one.SettingID), append(written, one.Written), append(codes, string(one.Code))
		}
		if _, err := tx.Do(ctx, `insert into attendance_local_code (setting_id, written, code, said_by, said_at)
			select s, w, c, @by, @now from unnest(@settings::bigint[], @written::text[], @codes::text[]) t(s, w, c)
			on conflict (setting_id, written) do update set code = excluded.code, said_by = excluded.said_by, said_at = excluded.said_at`,
			postgres.Args{"settings": settings, "written": written, "codes": codes, "by": actor.ID}); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{Subject: "import", SubjectID: importID, Action: "codes said", After: said}); err != nil {
			return err
		}
		return job.Enqueue(ctx, tx, checkJob{ImportID: importID})
	})
}

// answers refuses what is no answer to what is asked.
func answers(asked []AskedCode, said []SaidCode) error {
	if len(said) == 0 {
		return fault.Invalid("codes", "Say what at least one of the codes stands for")
	}
	for _, one := range said {
		if !slices.ContainsFunc(asked, func(a AskedCode) bool { return a.SettingID == one.SettingID && a.Written == one.Written }) {
			return fault.Invalid("codes", "Say what the codes of this file stand for")
		}
		if code, err := mark.Parse(string(one.Code)); err != nil || code != one.Code {
			return fault.Invalid("codes", "Choose national codes")
		}
	}
	return nil
}
