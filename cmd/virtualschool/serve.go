package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"virtualschool/internal/clamav"
	"virtualschool/internal/config"
	"virtualschool/internal/seed"
	"virtualschool/web"
	"virtualschool/web/assets"
	"virtualschool/web/kit"
)

// Limits on how slowly a request may come and an answer be taken.
const (
	headerLimit   = 5 * time.Second
	bodyLimit     = 60 * time.Second
	answerLimit   = 90 * time.Second
	idleLimit     = 60 * time.Second
	shutdownLimit = 25 * time.Second
)

func serve(ctx context.Context, out io.Writer, _ []string) error {
	settings, err := config.Load(os.Environ())
	if err != nil {
		return err
	}
	if !assets.Built() {
		fmt.Fprintln(out, "The styles and scripts are not built, so pages will look bare. Run: make assets")
	}
	release, err := onlyServer(settings)
	if err != nil {
		return err
	}
	defer release()
	listener, err := net.Listen("tcp", settings.Addr)
	if err != nil {
		return busy(settings.Addr, err)
	}
	defer listener.Close()

	g, err := settle(ctx, out, false)
	if err != nil {
		return err
	}
	defer g.close()
	if settings.Demo {
		if err := g.clearBrokenSeed(ctx, out); err != nil {
			return err
		}
	}
	log := slog.New(slog.NewJSONHandler(logFile(settings, out), &slog.HandlerOptions{Level: settings.LogLevel}))
	services, err := wire(g, log)
	if err != nil {
		return err
	}
	defer services.close()
	if settings.Demo {
		if err := firstSeed(ctx, out, g); err != nil {
			return err
		}
	}
	if err := services.queue.Start(ctx); err != nil {
		return fmt.Errorf("start the background work: %w", err)
	}
	var scanner kit.Scanner
	if settings.ClamAV != "" {
		scanner = clamav.Client{Socket: settings.ClamAV}
	}
	app := web.New(web.Options{
		Scanner: scanner,
		Site:    site(settings),
		DB:      g.db, Log: log, SessionIdle: settings.SessionIdle, SessionMax: settings.SessionMax,
		TrustedProxies: settings.TrustedProxies, Services: services.pages,
	})
	server := &http.Server{
		Handler: app, ReadHeaderTimeout: headerLimit, ReadTimeout: bodyLimit, WriteTimeout: answerLimit, IdleTimeout: idleLimit,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	greet(out, settings)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	fmt.Fprintln(out, "\nFinishing what is under way …")
	finishing, cancel := context.WithTimeout(context.Background(), shutdownLimit)
	defer cancel()
	err = server.Shutdown(finishing)
	if stopped := services.queue.Stop(finishing); stopped != nil {
		err = errors.Join(err, stopped)
	}
	return err
}

// onlyServer makes sure that one server uses a data folder: two would each think the demo theirs.
func onlyServer(settings config.Config) (release func(), err error) {
	if !settings.Embedded() {
		return func() {}, nil // servers side by side share a database of their own
	}
	if err := os.MkdirAll(settings.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(settings.DataDir, "serve.lock")
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		where, _ := io.ReadAll(file)
		file.Close()
		return nil, fmt.Errorf("another server already uses %s (%s). Stop it first, or set VS_DATA_DIR to another folder", settings.DataDir, strings.TrimSpace(string(where)))
	}
	// The lock goes with the process, so a crash leaves nothing in the way; the text is only for people.
	if err := file.Truncate(0); err == nil {
		fmt.Fprintf(file, "process %d at %s\n", os.Getpid(), settings.BaseURL)
	}
	return func() { file.Close() }, nil
}

func busy(addr string, err error) error {
	if !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	_, port, _ := net.SplitHostPort(addr)
	return fmt.Errorf("port %s is in use by another program. Stop that program, or choose another port, for example: VS_ADDR=127.0.0.1:8081 make run", port)
}

// logFile keeps the request log out of the way of the demo's greeting.
func logFile(settings config.Config, out io.Writer) io.Writer {
	if !settings.Embedded() {
		return os.Stderr
	}
	file, err := os.OpenFile(filepath.Join(settings.DataDir, "server.log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(out, "The log goes here:", err)
		return os.Stderr
	}
	return file
}

func firstSeed(ctx context.Context, out io.Writer, g *ground) error {
	empty, err := seed.Empty(ctx, g.db)
	if err != nil || !empty {
		return err
	}
	fmt.Fprintln(out, "Making a demo authority with invented people, the first time only …")
	return plant(ctx, g, out, usualChildren, 1)
}

func greet(out io.Writer, settings config.Config) {
	fmt.Fprintf(out, "\n  %s\n\n", settings.BaseURL)
	if !settings.Demo {
		return
	}
	fmt.Fprintln(out, "  Demonstration: every person is invented. Sign in with the password", seed.Password, "as")
	for _, person := range seed.SignIns() {
		fmt.Fprintf(out, "    %-26s %s\n", person.Email, person.Is)
	}
	fmt.Fprintf(out, "\n  The log is in %s. Ctrl-C stops everything.\n\n", filepath.Join(settings.DataDir, "server.log"))
}
