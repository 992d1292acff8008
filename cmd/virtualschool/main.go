// Command virtualschool is the whole program: it serves the pages, and does
// beside a running server what is done from a shell. It reads the settings,
// wires the packages together and holds no rule of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // London's clock, on machines without one
)

type command struct {
	name, args, does string
	run              func(ctx context.Context, out io.Writer, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "", "serve the pages (with its own database, unless DATABASE_URL is set)", serve},
		{"migrate", "", "bring the database up to date", migrate},
		{"seed", "[--children 300] [--random 1]", "fill an empty database with a made-up authority", runSeed},
		{"import", "gias|903|roll [--apply] FILE…", "check files and say what they would change; --apply changes it", runImport},
		{"user", "list | add [--school URN] EMAIL ROLE NAME | reset EMAIL | end EMAIL", "the people who sign in", runUser},
		{"doctor", "", "check settings, database, migrations, audit, clock and disk", doctor},
		{"settings", "", "list the settings and what they do", printSettings},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		switch {
		case errors.Is(err, context.Canceled) && ctx.Err() != nil:
			fmt.Fprintln(os.Stderr, "Stopped before it was done.")
		case !errors.Is(err, errSaid):
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
}

// errSaid ends the program with a failure whose words are already out.
var errSaid = errors.New("said")

func run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, out, args[1:])
			}
		}
	}
	fmt.Fprintln(out, "virtualschool COMMAND")
	for _, c := range commands() {
		fmt.Fprintf(out, "  %-9s %-68s %s\n", c.name, c.args, c.does)
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" {
		return nil
	}
	return fmt.Errorf("there is no command %q", args[0])
}
