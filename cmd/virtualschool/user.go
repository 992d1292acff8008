package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

const userUsage = `virtualschool user list
virtualschool user add [--school URN] EMAIL ROLE NAME
virtualschool user reset EMAIL     a new link to choose a password
virtualschool user end EMAIL       end the account and its sessions
Roles: `

// runUser is the people who sign in, from a shell: for the first head, and for whoever is locked out.
func runUser(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("user", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	urn := flags.String("school", "", "")
	words, err := interspersed(flags, args)
	acts := map[string]struct {
		words int
		do    func(context.Context, io.Writer, *ground, *account.Service, []string) error
	}{
		"list":  {0, listUsers},
		"reset": {1, resetUser},
		"end":   {1, endUser},
		"add": {3, func(ctx context.Context, out io.Writer, g *ground, accounts *account.Service, words []string) error {
			return addUser(ctx, out, g, accounts, words, *urn)
		}},
	}
	if err != nil || len(words) == 0 || acts[words[0]].do == nil || len(words)-1 < acts[words[0]].words {
		fmt.Fprint(out, userUsage, strings.Join(roleWords(), ", "), "\n")
		return errors.Join(err, errSaid)
	}
	g, err := settle(ctx, out, false)
	if err != nil {
		return err
	}
	defer g.close()
	s, err := wire(g, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return plainly(acts[words[0]].do(ctx, out, g, s.accounts, words[1:]))
}

func roleWords() []string {
	var words []string
	for _, role := range access.Roles {
		words = append(words, string(role))
	}
	return words
}

func listUsers(ctx context.Context, out io.Writer, _ *ground, accounts *account.Service, _ []string) error {
	for page := 1; ; page++ {
		list, total, err := accounts.List(ctx, access.System, account.Filter{Page: page})
		if err != nil {
			return err
		}
		for _, one := range list {
			fmt.Fprintf(out, "%-8s %-18s %-44s %s\n", one.State, one.Role, one.Email, strings.TrimSuffix(one.Name+", "+one.Settings, ", "))
		}
		if page*account.PageSize >= total {
			return nil
		}
	}
}

// addUser opens an account without mail and prints the link with which its person chooses a password.
func addUser(ctx context.Context, out io.Writer, g *ground, accounts *account.Service, words []string, urn string) error {
	person := account.NewAccount{Email: words[0], Role: access.Role(words[1]), Name: strings.Join(words[2:], " ")}
	if !person.Role.Known() {
		return fmt.Errorf("there is no role %q; the roles are %s", words[1], strings.Join(roleWords(), ", "))
	}
	if urn != "" {
		school, err := findSchool(ctx, g, urn)
		if err != nil {
			return err
		}
		person.Settings = []account.NewMembership{{SettingID: school, Post: account.DesignatedTeacher, From: calendar.Today(g.db.Now)}}
	} else if person.Role == access.School {
		return errors.New("someone at a school belongs to one: user add --school URN EMAIL school NAME")
	}
	id, err := accounts.Establish(ctx, access.System, person, "")
	if err != nil {
		return err
	}
	return printLink(ctx, out, g, accounts, id, account.ResetLink)
}

func findSchool(ctx context.Context, g *ground, urn string) (int64, error) {
	var found []setting.Found
	var batch postgres.Batch
	setting.QueueSearch(&batch, &found, setting.Search{Words: urn})
	if err := g.db.View(ctx, access.System, &batch); err != nil {
		return 0, err
	}
	for _, one := range found {
		if fmt.Sprint(one.URN) == urn {
			return one.ID, nil
		}
	}
	return 0, fmt.Errorf("no school has the URN %s here: import the register first", urn)
}

func resetUser(ctx context.Context, out io.Writer, g *ground, accounts *account.Service, words []string) error {
	person, err := findUser(ctx, accounts, words[0])
	if err != nil {
		return err
	}
	purpose := account.ResetLink
	if person.State == account.Invited {
		purpose = account.Invitation
	}
	return printLink(ctx, out, g, accounts, person.ID, purpose)
}

func endUser(ctx context.Context, out io.Writer, _ *ground, accounts *account.Service, words []string) error {
	person, err := findUser(ctx, accounts, words[0])
	if err != nil {
		return err
	}
	if err := accounts.End(ctx, access.System, person.ID); err != nil {
		return err
	}
	fmt.Fprintf(out, "The account of %s has ended.\n", person.Email)
	return nil
}

func findUser(ctx context.Context, accounts *account.Service, email string) (account.Account, error) {
	found, err := accounts.ByEmail(ctx, access.System, email)
	if errors.Is(err, fault.KindNotFound) {
		return found, fmt.Errorf("there is no account under %s", email)
	}
	return found, err
}

func printLink(ctx context.Context, out io.Writer, g *ground, accounts *account.Service, id int64, purpose account.Purpose) error {
	path, err := accounts.NewLink(ctx, access.System, id, purpose)
	if err != nil {
		return err
	}
	hours := "an hour"
	if purpose == account.Invitation {
		hours = "24 hours"
	}
	fmt.Fprintf(out, "Choose a password here. The link works once, for %s; give it to nobody else:\n  %s%s\n", hours, g.config.BaseURL, path)
	return nil
}

// plainly is a fault in the words that a page would show; other errors stay as they are.
func plainly(err error) error {
	if _, isFault := fault.KindOf(err); !isFault {
		return err
	}
	var told []string
	for _, problem := range fault.Of(err) {
		told = append(told, problem.Text)
	}
	if len(told) == 0 {
		return errors.New(fault.Words(err))
	}
	return errors.New(strings.Join(told, "\n"))
}
