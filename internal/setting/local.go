package setting

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// Service is what people do with settings and calendars.
type Service struct {
	DB *postgres.DB
	// AuthorityCode is the council's own, three digits.
	AuthorityCode string
}

// Local is a setting the register does not hold, as the team enters it.
type Local struct {
	Name          string
	TypeName      string // one of LocalTypes
	AuthorityCode string
	AuthorityName string
	Street        string
	Town          string
	Postcode      string
	Telephone     string
	HeadName      string
	Closed        bool
	Version       int // of the record that was shown; 0 when it is new
}

// LocalTypes are what a setting outside the register can be.
var LocalTypes = []string{
	"Tutor or tuition service",
	"Unregistered alternative provision",
	"Training provider",
	"Employer",
	"Early years provider",
	"School in Wales, Scotland or Northern Ireland",
	"School abroad",
	"Secure or hospital setting",
	"Elective home education",
	"Other",
}

var (
	postcodeShape  = regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$`)
	authorityShape = regexp.MustCompile(`^[0-9]{3}$`)
)

// tidyPostcode writes a postcode with capitals and its one space.
func tidyPostcode(text string) string {
	together := strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if len(together) < 5 {
		return together
	}
	return together[:len(together)-3] + " " + together[len(together)-3:]
}

// problems are about the fields name, type, authority, postcode and the other texts.
func (l Local) problems() fault.Problems {
	var p fault.Problems
	if l.Name == "" {
		p.Add("name", "Enter the name of the setting")
	}
	if !slices.Contains(LocalTypes, l.TypeName) {
		p.Add("type", "Choose what kind of setting it is")
	}
	if l.AuthorityCode != "" && !authorityShape.MatchString(l.AuthorityCode) {
		p.Add("authority", "A council's code has 3 numbers, like 332")
	}
	if l.Postcode != "" && !postcodeShape.MatchString(l.Postcode) {
		p.Add("postcode", "Enter a full UK postcode, like DY1 2AB, or leave it empty")
	}
	for _, text := range []struct{ field, value string }{{"name", l.Name}, {"street", l.Street}, {"town", l.Town}, {"telephone", l.Telephone}, {"head", l.HeadName}} {
		if utf8.RuneCountInString(text.value) > 200 {
			p.Add(text.field, "Use 200 characters or fewer")
		}
	}
	return p
}

func (l Local) tidy() Local {
	for _, text := range []*string{&l.Name, &l.TypeName, &l.AuthorityCode, &l.AuthorityName, &l.Street, &l.Town, &l.Telephone, &l.HeadName} {
		*text = strings.TrimSpace(*text)
	}
	l.Postcode = tidyPostcode(l.Postcode)
	return l
}

func (l Local) args() postgres.Args {
	status := Open
	if l.Closed {
		status = Closed
	}
	return postgres.Args{"name": l.Name, "type": l.TypeName, "authority": l.AuthorityCode, "authority_name": l.AuthorityName, "street": l.Street,
		"town": l.Town, "postcode": l.Postcode, "telephone": l.Telephone, "head": l.HeadName, "status": status, "version": l.Version}
}

// Create enters a setting that the register does not hold, and gives its id. It needs ChangeRoll.
// A second one of the same name in the same town is refused: it is likely the same.
func (s *Service) Create(ctx context.Context, actor access.Actor, local Local) (int64, error) {
	var id int64
	local = local.tidy()
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if err := access.Check(actor, access.ChangeRoll, access.Facts{}); err != nil {
			return err
		}
		problems := local.problems()
		if err := problems.Err(); err != nil {
			return err
		}
		args := local.args()
		if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('setting ' || plain_name(@name)))`, args); err != nil {
			return err
		}
		same, err := postgres.ListValues[int64](ctx, tx, `select id from setting
			where source = 'local' and plain_name(name) = plain_name(@name) and coalesce(plain_name(town), '') = coalesce(plain_name(@town), '')`, args)
		if err != nil {
			return err
		}
		if len(same) > 0 {
			return fault.Invalid("name", "A setting with this name in this town is already entered. Search for it instead.")
		}
		id, err = postgres.GetValue[int64](ctx, tx, `insert into setting (name, type_name, authority_code, authority_name, street, town, postcode, telephone, head_name, status, source)
			values (@name, @type, nullif(@authority, ''), coalesce((select name from local_authority where code = @authority), nullif(@authority_name, '')),
				nullif(@street, ''), nullif(@town, ''), nullif(@postcode, ''), nullif(@telephone, ''), nullif(@head, ''), @status, 'local') returning id`, args)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "setting", SubjectID: id, Action: "created", After: local})
	})
	return id, err
}

// FromTheRegister says why a setting of the national register cannot be corrected here.
const FromTheRegister = "This setting comes from the national register, so it is corrected there: on Get Information about Schools."

// Edit corrects a setting the team entered. It needs ChangeRoll. Conflict: it comes from the register,
// whose next file would undo the change; or someone changed it since it was shown.
func (s *Service) Edit(ctx context.Context, actor access.Actor, settingID int64, local Local) error {
	local = local.tidy()
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		before, err := postgres.Get[Setting](ctx, tx, `select `+settingColumns+` from setting s where s.id = @setting for update`, postgres.Args{"setting": settingID})
		if err != nil {
			return err
		}
		if err := access.Check(actor, access.ChangeRoll, access.Facts{}); err != nil {
			return err
		}
		if !before.Local() {
			return fault.Conflict(FromTheRegister)
		}
		if err := local.problems().Err(); err != nil {
			return err
		}
		args := local.args()
		args["setting"] = settingID
		err = tx.DoOne(ctx, `update setting set name = @name, type_name = @type, authority_code = nullif(@authority, ''),
				authority_name = coalesce((select name from local_authority where code = @authority), nullif(@authority_name, '')),
				street = nullif(@street, ''), town = nullif(@town, ''), postcode = nullif(@postcode, ''), telephone = nullif(@telephone, ''),
				head_name = nullif(@head, ''), status = @status, closed_on = case when @status = 'closed' then coalesce(closed_on, @today) end, version = version + 1
			where id = @setting and version = @version`, args)
		if err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "setting", SubjectID: settingID, Action: "edited", Before: before, After: local})
	})
}
