package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"virtualschool/internal/postgres"
	"virtualschool/internal/seed"
	"virtualschool/internal/setting"
)

// usualChildren is how many children the first start's demonstration has.
const usualChildren = 300

func runSeed(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("seed", flag.ContinueOnError)
	flags.SetOutput(out)
	children := flags.Int("children", usualChildren, fmt.Sprintf("how many children, 1 to %d", seed.Most))
	random := flags.Uint64("random", 1, "another number gives another council; the same one gives the same on the same day")
	if err := flags.Parse(args); err != nil {
		return errSaid
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("seed takes no %q, only --children and --random", flags.Arg(0))
	}
	g, err := settle(ctx, out, false)
	if err != nil {
		return err
	}
	defer g.close()
	if !g.config.Demo {
		return seed.ErrNotDemo
	}
	if err := g.clearBrokenSeed(ctx, out); err != nil {
		return err
	}
	return plant(ctx, g, out, *children, *random)
}

// plant fills an empty database. What it writes can be made again, so it does not wait for the disk
// after each of its thousands of small steps.
func plant(ctx context.Context, g *ground, out io.Writer, children int, random uint64) error {
	hasty, err := withSetting(g.url, "synchronous_commit", "off")
	if err != nil {
		return err
	}
	db, err := postgres.Open(ctx, hasty)
	if err != nil {
		return err
	}
	defer db.Close()
	s, err := wireOn(g, db, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	began, told := time.Now(), 0
	err = seed.Run(ctx, seed.Services{DB: db, Accounts: s.accounts, Settings: &setting.Service{DB: db, AuthorityCode: g.config.AuthorityCode},
		Children: s.pages.Children, Plans: s.pages.PEPs, Rubrics: s.pages.Quality.Rubrics, Voice: s.pages.Voice, Premium: s.pages.Premium, Attendance: s.pages.Attendance, Suspensions: s.pages.Suspensions},
		seed.Options{Children: children, Random: random, Progress: func(done, total int, what string) {
			if tenth := done * 10 / total; tenth > told {
				told = tenth
				fmt.Fprintf(out, "  %d of %d %s\n", done, total, what)
			}
		}})
	if err != nil {
		return err
	}
	if err := analyse(ctx, g.url); err != nil {
		return err
	}
	fmt.Fprintf(out, "Made in %s.\n", time.Since(began).Round(100*time.Millisecond))
	return nil
}

// analyse lets the database look at what it has now, so that the first pages are planned well.
func analyse(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, "set client_min_messages = error; analyze")
	return err
}

// withSetting is a database URL whose connections have one server setting of their own.
func withSetting(text, name, value string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", errors.New("DATABASE_URL cannot be read as a URL")
	}
	query := u.Query()
	query.Set(name, value)
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// clearBrokenSeed empties the demonstration's own database again when an earlier start was stopped
// while it was being filled. It never touches one that a seed did not begin.
func (g *ground) clearBrokenSeed(ctx context.Context, out io.Writer) error {
	broken, err := seed.BrokenOff(ctx, g.db)
	if err != nil || !broken {
		return err
	}
	const empty = "drop schema public cascade; create schema public"
	if !g.config.Embedded() {
		return fmt.Errorf("an earlier start was stopped while it filled this database with made-up people. Empty it and start again, for example:\n  %s", empty)
	}
	fmt.Fprintln(out, "An earlier start was stopped while it made the demo authority. Beginning anew …")
	g.db.Close()
	conn, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, empty); err != nil {
		return fmt.Errorf("empty the demo database: %w", err)
	}
	if err := postgres.Migrate(ctx, g.url); err != nil {
		return err
	}
	g.db, err = postgres.Open(ctx, g.url)
	return err
}
