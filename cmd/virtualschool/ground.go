package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"virtualschool/internal/config"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/cluster"
)

// ground is what every command stands on: settings and a migrated database.
type ground struct {
	config  config.Config
	url     string
	db      *postgres.DB
	cluster *cluster.Server // nil with DATABASE_URL
}

// settle reads the settings and finds or starts the database. Migrations run by themselves in
// embedded and demo mode, and otherwise only when asked.
func settle(ctx context.Context, log io.Writer, migrating bool) (*ground, error) {
	settings, err := config.Load(os.Environ())
	if err != nil {
		return nil, err
	}
	g := &ground{config: settings, url: settings.DatabaseURL}
	if settings.Embedded() {
		g.cluster, err = cluster.Start(ctx, cluster.Options{Dir: settings.DataDir, Bin: settings.PostgresBin, Log: log})
		if err != nil {
			return nil, err
		}
		g.url = g.cluster.OwnerURL(cluster.Database)
	}
	if settings.Embedded() || settings.Demo || migrating {
		if err := postgres.Migrate(ctx, g.url); err != nil {
			g.close()
			return nil, fmt.Errorf("bring the database up to date: %w", err)
		}
	} else if err := upToDate(ctx, g.url); err != nil {
		g.close()
		return nil, err
	}
	if g.db, err = postgres.Open(ctx, g.url); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// upToDate refuses to work on tables that are older or newer than the program.
func upToDate(ctx context.Context, url string) error {
	current, want, dirty, err := postgres.MigrationState(ctx, url)
	switch {
	case err != nil:
		return err
	case dirty:
		return fmt.Errorf("migration %d stopped half way in an earlier run: virtualschool migrate says what to do", current)
	case current < want:
		return fmt.Errorf("the database is at migration %d and this program needs %d. Back it up, then run: virtualschool migrate", current, want)
	case current > want:
		return fmt.Errorf("the database is at migration %d and this program knows migrations up to %d: run the newer program", current, want)
	}
	return nil
}

func (g *ground) close() {
	if g.db != nil {
		g.db.Close()
	}
	if g.cluster != nil {
		if err := g.cluster.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "stop the database:", err)
		}
	}
}

func migrate(ctx context.Context, out io.Writer, args []string) error {
	g, err := settle(ctx, out, true)
	if err != nil {
		return err
	}
	defer g.close()
	current, _, _, err := postgres.MigrationState(ctx, g.url)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The database is up to date (migration %d).\n", current)
	return nil
}

func printSettings(_ context.Context, out io.Writer, _ []string) error {
	columns := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, setting := range config.Documentation() {
		fmt.Fprintf(columns, "%s\t%s\t%s\n", setting.Name, setting.Default, setting.About)
	}
	return columns.Flush()
}
