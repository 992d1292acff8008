package seed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
)

// Password opens every sign-in of the demonstration, and nothing outside demo mode.
const Password = account.DemoPassword

// SignIn is an account of the demonstration that anybody may open.
type SignIn struct {
	Email string
	Is    string // the role, in words
	name  string
	role  access.Role
}

// SignIns are the accounts that open with Password, in the order to print them.
func SignIns() []SignIn {
	list := []SignIn{
		{"head@demo.test", "", "Rosalind Achebe", access.Head},
		{"deputy@demo.test", "", "Martin Oakley", access.Deputy},
		{"lead@demo.test", "", "Priya Venkataraman", access.LeadAdvisor},
		{"advisor@demo.test", "", "Joanna Pickering", access.Advisor},
		{"advisor2@demo.test", "", "Desmond Clarke", access.Advisor},
		{"support@demo.test", "", "Kelly-Ann Frost", access.SupportAdvisor},
		{"data@demo.test", "", "Wei Zhang-Harris", access.DataOfficer},
		{"socialworker@demo.test", "", "Folake Ogunleye", access.SocialWorker},
		{"socialworker2@demo.test", "", "Gethin Prosser", access.SocialWorker},
		{"iro@demo.test", "", "Bernadette Lacey", access.ReviewingOfficer},
		{"school@demo.test", "", "Catherine Sewell", access.School},
		{"school2@demo.test", "", "Tom Ridley", access.School},
		{"colleague@demo.test", "", "Bola Adeyemi", access.Colleague},
	}
	for n := range list {
		list[n].Is = list[n].role.Name()
		switch list[n].Email {
		case "school@demo.test":
			list[n].Is = "Designated Teacher, Kingsbourne Academy"
		case "school2@demo.test":
			list[n].Is = "Designated Teacher, Millbrook Primary School"
		case "colleague@demo.test":
			list[n].Is = "Class teacher, invited to one section of a plan"
		}
	}
	return list
}

// staff are the people of the council, the known sign-ins of each part first.
type staff struct {
	head, deputy, lead, data, support *person
	advisors, workers, officers       []*person
}

// Children to a person, in round numbers.
const advisorLoad, workerLoad, officerLoad, supportLoad = 28, 26, 30, 25

func crew(children, each, least int) int { return max(least, (children+each-1)/each) }

// hire makes every account that the council needs, at the start of the story.
func (c *council) hire(ctx context.Context, random *rand.Rand) error {
	begun := c.days.start
	since := begun.AddYears(-1)
	now := c.at(begun, 0)
	byEmail := map[string]*person{}
	for _, in := range SignIns() {
		person, err := c.establish(ctx, now, account.NewAccount{Email: in.Email, Name: in.name, Role: in.role, Settings: c.memberships(in.Email, since)}, Password)
		if err != nil {
			return err
		}
		byEmail[in.Email] = person
	}
	c.staff = staff{head: byEmail["head@demo.test"], deputy: byEmail["deputy@demo.test"], lead: byEmail["lead@demo.test"],
		data: byEmail["data@demo.test"], support: byEmail["support@demo.test"],
		advisors: []*person{byEmail["advisor@demo.test"], byEmail["advisor2@demo.test"]},
		workers:  []*person{byEmail["socialworker@demo.test"], byEmail["socialworker2@demo.test"]},
		officers: []*person{byEmail["iro@demo.test"]}}
	names := staffNames(random)
	more := func(role access.Role, word string, settings ...account.NewMembership) (*person, error) {
		name := names()
		email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@" + word + ".demo.test"
		return c.establish(ctx, now, account.NewAccount{Email: email, Name: name, Role: role, Settings: settings}, "")
	}
	for _, team := range []struct {
		into *[]*person
		role access.Role
		word string
		size int
	}{
		{&c.staff.advisors, access.Advisor, "virtualschool", crew(c.options.Children, advisorLoad, 2)},
		{&c.staff.workers, access.SocialWorker, "socialcare", crew(c.options.Children, workerLoad, 2)},
		{&c.staff.officers, access.ReviewingOfficer, "reviewing", crew(c.options.Children, officerLoad, 1)},
	} {
		for len(*team.into) < team.size {
			person, err := more(team.role, team.word)
			if err != nil {
				return err
			}
			*team.into = append(*team.into, person)
		}
	}
	for _, school := range c.schools {
		switch {
		case school.ofDemo == 1:
			school.teacher = byEmail["school@demo.test"]
			if _, err := more(access.School, webName(school.name), account.NewMembership{SettingID: school.id, Post: account.Colleague, From: since}); err != nil {
				return err
			}
		case school.ofDemo == 2:
			school.teacher = byEmail["school2@demo.test"]
		case !school.vacant:
			person, err := more(access.School, webName(school.name), account.NewMembership{SettingID: school.id, Post: account.DesignatedTeacher, From: since})
			if err != nil {
				return err
			}
			school.teacher = person
		}
		if school.teacher == nil {
			continue
		}
		_, domain, _ := strings.Cut(school.teacher.Email, "@")
		if err := now.accounts.SetDomains(ctx, access.System, school.id, []string{domain}); err != nil {
			return err
		}
	}
	return nil
}

func (c *council) memberships(email string, since calendar.Date) []account.NewMembership {
	for _, school := range c.schools {
		if school.ofDemo == 1 && email == "school@demo.test" || school.ofDemo == 2 && email == "school2@demo.test" {
			return []account.NewMembership{{SettingID: school.id, Post: account.DesignatedTeacher, From: since}}
		}
	}
	return nil
}

// establish opens an account. The program makes the head's, as on the first day of any council.
func (c *council) establish(ctx context.Context, now *desk, of account.NewAccount, password string) (*person, error) {
	hash := ""
	if password != "" {
		var err error
		if hash, err = now.accounts.HashPassword(ctx, of, password); err != nil {
			return nil, fmt.Errorf("%s: %w", of.Email, err)
		}
	}
	id, err := now.accounts.Establish(ctx, access.System, of, hash)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", of.Email, err)
	}
	who := &person{Actor: access.Actor{ID: id, Name: of.Name, Email: of.Email, Role: of.Role}}
	c.everybody = append(c.everybody, who)
	return who, nil
}

// staffNames gives names one after another, none twice. There are more than any council has people.
func staffNames(random *rand.Rand) func() string {
	used := map[string]bool{}
	return func() string {
		for {
			name := from(random, staffForenames) + " " + from(random, staffSurnames)
			if !used[name] {
				used[name] = true
				return name
			}
		}
	}
}
