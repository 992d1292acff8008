package account

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
)

// SchoolDomains are the domains of the addresses that people at a school have. With none, any will do.
type SchoolDomains struct {
	SettingID int64
	Name      string
	Domains   []string
}

// QueueDomains queues the schools with people or domains, and their domains.
func QueueDomains(batch *postgres.Batch, into *[]SchoolDomains) {
	postgres.Many(batch, into, `select s.id as setting_id, s.name, coalesce(array_agg(d.domain order by d.domain) filter (where d.domain is not null), '{}') as domains
		from setting s left join setting_email_domain d on d.setting_id = s.id
		where d.domain is not null or exists (select from account_setting m where m.setting_id = s.id and m.period @> @today::date)
		group by s.id order by s.name, s.id`, nil)
}

// QueueDomainsOf queues one school's. It fails the batch with NotFound for a school that is not there.
func QueueDomainsOf(batch *postgres.Batch, into *SchoolDomains, settingID int64) {
	postgres.One(batch, into, `select s.id as setting_id, s.name, coalesce((select array_agg(domain order by domain) from setting_email_domain
		where setting_id = s.id), '{}') as domains from setting s where s.id = @id`, postgres.Args{"id": settingID})
}

var domainShape = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)

// mostDomains is more than any school has.
const mostDomains = 20

// ReadDomains takes domains apart that were typed one a line, with or without an @. Problems are about
// "domains".
func ReadDomains(text string) ([]string, error) {
	var list []string
	for _, line := range strings.Fields(strings.ToLower(strings.ReplaceAll(text, ",", " "))) {
		domain := strings.TrimPrefix(line, "@")
		if len(domain) > 250 || !domainShape.MatchString(domain) {
			return nil, fault.Invalid("domains", "Write each domain on a line of its own, like school.example.sch.uk")
		}
		list = append(list, domain)
	}
	slices.Sort(list)
	if list = slices.Compact(list); len(list) > mostDomains {
		return nil, fault.Invalid("domains", "These are more domains than a school has. Write 20 or fewer.")
	}
	return list, nil
}

// SetDomains says which domains people at a school have, in place of those before.
func (s *Service) SetDomains(ctx context.Context, actor access.Actor, settingID int64, domains []string) error {
	if err := access.Check(actor, access.ManageAccounts, access.Facts{}); err != nil {
		return err
	}
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		args := postgres.Args{"setting": settingID, "domains": domains, "by": actor.ID}
		if _, err := postgres.GetValue[int64](ctx, tx, `select id from setting where id = @setting for no key update`, args); err != nil {
			return err
		}
		before, err := postgres.ListValues[string](ctx, tx, `select domain from setting_email_domain where setting_id = @setting order by domain`, args)
		if err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `delete from setting_email_domain where setting_id = @setting and domain <> all(coalesce(@domains::text[], '{}'))`, args); err != nil {
			return err
		}
		if _, err := tx.Do(ctx, `insert into setting_email_domain (setting_id, domain, set_by, set_at)
			select @setting, domain, @by, @now from unnest(@domains::text[]) as domain on conflict do nothing`, args); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "email domains", SubjectID: settingID, Action: "set", Before: before, After: domains})
	})
}

// takes says whether an address is one of the school's: of one of its domains, or of one below it. A school
// without domains takes any.
func (d SchoolDomains) takes(email string) bool {
	_, at, _ := strings.Cut(email, "@")
	return len(d.Domains) == 0 || slices.ContainsFunc(d.Domains, func(domain string) bool { return at == domain || strings.HasSuffix(at, "."+domain) })
}

// String is the school with its domains, for a message.
func (d SchoolDomains) String() string { return d.Name + " (" + strings.Join(d.Domains, ", ") + ")" }

// domainsOf are the domains of some schools.
func domainsOf(ctx context.Context, tx *postgres.Tx, settingIDs []int64) ([]SchoolDomains, error) {
	return postgres.List[SchoolDomains](ctx, tx, `select s.id as setting_id, s.name, array_agg(d.domain order by d.domain) as domains
		from setting s join setting_email_domain d on d.setting_id = s.id where s.id = any(@ids) group by s.id order by s.id`, postgres.Args{"ids": settingIDs})
}

// sameName says whether a name typed back is the name.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}

// mayJoin asks for a second look at an address that is none of a school's to which the person is to belong.
// Problems are about "confirm".
func mayJoin(ctx context.Context, tx *postgres.Tx, person NewAccount) error {
	ids := make([]int64, len(person.Settings))
	for i, one := range person.Settings {
		ids[i] = one.SettingID
	}
	schools, err := domainsOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, school := range schools {
		if !school.takes(person.Email) && !sameName(person.Confirmed, person.Name) {
			return fault.Invalid("confirm", "This address is none of "+school.String()+". If it is right all the same, type the person's name again here.")
		}
	}
	return nil
}
