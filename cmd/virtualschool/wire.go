package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/account/sso"
	"virtualschool/internal/audit"
	"virtualschool/internal/config"
	"virtualschool/internal/job"
	"virtualschool/internal/pdf"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/pep/quality"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium/scheme"
	"virtualschool/web"
	"virtualschool/web/kit"
)

// services are what the server is made of, above the database.
type services struct {
	accounts *account.Service
	queue    *job.Queue
	pages    web.Services
	close    func() // ends what is kept running beside the server
}

// loadForms reads the forms for plans; the error is every problem of every file.
func loadForms(settings config.Config) (forms.Set, error) {
	if settings.FormsDir == "" {
		return forms.Builtin()
	}
	set, err := forms.Load(os.DirFS(settings.FormsDir))
	if err != nil {
		return forms.Set{}, fmt.Errorf("VS_FORMS_DIR is %s: %w", settings.FormsDir, err)
	}
	return set, nil
}

// loadRubrics reads the rubrics for quality assurance, the council's own from beside its forms.
func loadRubrics(settings config.Config, set forms.Set) (quality.Set, error) {
	if settings.FormsDir == "" {
		return quality.Builtin()
	}
	rubrics, err := quality.LoadBeside(os.DirFS(settings.FormsDir), set)
	if err != nil {
		return quality.Set{}, fmt.Errorf("VS_FORMS_DIR is %s: %w", settings.FormsDir, err)
	}
	return rubrics, nil
}

// loadSchemes reads the paying policies for Pupil Premium Plus, the council's own from beside its forms.
func loadSchemes(settings config.Config) (scheme.Set, error) {
	if settings.FormsDir == "" {
		return scheme.Builtin(), nil
	}
	schemes, err := scheme.LoadBeside(os.DirFS(settings.FormsDir))
	if err != nil {
		return scheme.Set{}, fmt.Errorf("VS_FORMS_DIR is %s: %w", settings.FormsDir, err)
	}
	return schemes, nil
}

// loadProviders reads the list of providers of single sign-on, and their secrets.
func loadProviders(settings config.Config) ([]sso.Provider, error) {
	if settings.SSOFile == "" {
		return nil, nil
	}
	providers, err := sso.Load(settings.SSOFile)
	if err != nil {
		return nil, fmt.Errorf("VS_SSO_FILE is %s: %w", settings.SSOFile, err)
	}
	return providers, nil
}

// wire puts the services together.
func wire(g *ground, log *slog.Logger) (*services, error) {
	return wireOn(g, g.db, log)
}

// wireOn is wire with another way to the same database.
func wireOn(g *ground, db *postgres.DB, log *slog.Logger) (*services, error) {
	forms, err := loadForms(g.config)
	if err != nil {
		return nil, err
	}
	rubrics, err := loadRubrics(g.config, forms)
	if err != nil {
		return nil, err
	}
	schemes, err := loadSchemes(g.config)
	if err != nil {
		return nil, err
	}
	providers, err := loadProviders(g.config)
	if err != nil {
		return nil, err
	}
	salt, err := account.LoadSalt(g.config.DataDir)
	if err != nil {
		return nil, err
	}
	post := &job.Post{From: g.config.MailFrom, Server: g.config.SMTP, Folder: filepath.Join(g.config.DataDir, "mail"),
		BaseURL: g.config.BaseURL, Site: "Virtual School, " + g.config.AuthorityName, Clock: time.Now, Log: log}
	accounts := &account.Service{DB: db, Hasher: account.NewHasher(account.Strength, max(2, runtime.NumCPU())), Salt: salt, Post: post,
		Idle: g.config.SessionIdle, Demo: g.config.Demo, Place: g.config.AuthorityName,
		SSO: sso.NewDesk(providers, g.config.BaseURL, time.Now)}
	factorKey, err := factor.LoadKey(g.config.DataDir)
	if err != nil {
		return nil, err
	}
	factors, err := factor.New(accounts, factorKey, "Virtual School, "+g.config.AuthorityName, g.config.BaseURL)
	if err != nil {
		return nil, err
	}
	queue := job.New(db, log, 0)
	queue.KeepHouse()
	key, err := audit.LoadKey(g.config.DataDir)
	if err != nil {
		return nil, err
	}
	queue.Every(time.Hour, "sign the head of the audit", func(ctx context.Context) error { return audit.WriteHead(ctx, db, key, g.config.AuditHeads) })
	queue.Deliver(post)
	accounts.Register(queue)
	printer, end := pdf.New(g.config.Chromium, log)
	pages := web.NewServices(db, web.ServiceOptions{Accounts: accounts, Factors: factors, AuthorityCode: g.config.AuthorityCode, Forms: forms, Rubrics: rubrics, Schemes: schemes, Site: site(g.config), Printer: printer})
	pages.Intake.Work(queue)
	pages.PEPs.Work(queue)
	pages.Attendance.Work(queue)
	pages.Printing.Work(queue)
	pages.Looking.Work(queue)
	pages.Rights.Work(queue)
	return &services{accounts: accounts, queue: queue, pages: pages, close: end}, nil
}

// site is what pages and papers say about where they are.
func site(c config.Config) kit.Site {
	return kit.Site{Authority: c.AuthorityName, AuthorityCode: c.AuthorityCode, Colour: c.Colour, BaseURL: c.BaseURL, Demo: c.Demo}
}
