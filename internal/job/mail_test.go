package job_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/job"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

func post(t *testing.T, log *slog.Logger) *job.Post {
	return &job.Post{From: &netmail.Address{Name: "Virtual School", Address: "vs@council.test"}, Folder: filepath.Join(t.TempDir(), "mail"),
		BaseURL: "https://vs.council.test", Site: "Virtual School, Westmoor Council", Clock: time.Now, Log: log}
}

func letters(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

func TestMailGoesToAFolderWithoutAServer(t *testing.T) {
	t.Parallel()
	var logged lockedBuffer
	p := post(t, slog.New(slog.NewTextHandler(&logged, nil)))
	letter := job.Letter{To: "ruth@school.test", Subject: "Something\r\nBcc: everyone@school.test", Words: "There is something to do.", Path: "/premium/requests"}
	if err := p.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	all := letters(t, p.Folder)
	if len(all) != 1 {
		t.Fatalf("%d letters", len(all))
	}
	read, err := netmail.ReadMessage(strings.NewReader(all[0]))
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(read.Body)
	if read.Header.Get("To") != "<ruth@school.test>" || read.Header.Get("Bcc") != "" || read.Header.Get("User-Agent") != "" || read.Header.Get("Auto-Submitted") == "" {
		t.Errorf("header: %v", read.Header)
	}
	if !strings.Contains(string(body), "https://vs.council.test/premium/requests") {
		t.Errorf("body: %s", body)
	}
	if said := logged.String(); strings.Contains(said, "ruth") || strings.Contains(said, "something to do") || strings.Count(said, "\n") != 1 {
		t.Errorf("logged: %s", said)
	}
	if info, err := os.Stat(p.Folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may read the folder: %v %v", info.Mode(), err)
	}
}

func TestNoticeGoesToThePersonAsTheyAreNow(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	p := post(t, silent)
	arrange := pgtest.Arrange(t, db)
	_, err := arrange.Exec(t.Context(), `insert into account (email, name, role, state, created_at, ended_at) values
		('old@school.test', 'A', 'school', 'active', now(), null), ('gone@school.test', 'B', 'school', 'ended', now(), now())`)
	if err != nil {
		t.Fatal(err)
	}
	q := job.New(db, silent, poll)
	q.Deliver(p)
	err = db.Change(t.Context(), access.System, func(ctx context.Context, tx *postgres.Tx) error {
		for id := int64(2); id <= 3; id++ {
			if err := job.Notify(ctx, tx, job.Notice{AccountID: id, Subject: "Something to do", Words: "A plan waits for you.", Path: "/"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := arrange.Exec(t.Context(), `update account set email = 'new@school.test' where email = 'old@school.test'`); err != nil {
		t.Fatal(err)
	}
	start(t, q)
	eventually(t, "both notices are dealt with", func() bool {
		var done int
		if err := arrange.QueryRow(t.Context(), `select count(*) from river_job where kind = 'notice' and state = 'completed'`).Scan(&done); err != nil {
			t.Fatal(err)
		}
		return done == 2
	})
	if all := letters(t, p.Folder); len(all) != 1 || !strings.Contains(all[0], "new@school.test") {
		t.Errorf("letters: %q", all)
	}
}

func TestMailGoesByTheServer(t *testing.T) {
	t.Parallel()
	server := mailServer(t, "250 taken")
	p := post(t, silent)
	p.Server = &url.URL{Scheme: "smtp", Host: server.address}
	if err := p.Send(t.Context(), job.Letter{To: "ruth@school.test", Subject: "Something to do", Words: "Words.", Path: "/"}); err != nil {
		t.Fatal(err)
	}
	if said := <-server.said; !strings.Contains(said, "RCPT TO:<ruth@school.test>") || !strings.Contains(said, "https://vs.council.test/") {
		t.Errorf("the server heard: %s", said)
	}
}

func TestARefusalNamesNobody(t *testing.T) {
	t.Parallel()
	server := mailServer(t, "550 no such person ruth@school.test here")
	p := post(t, silent)
	p.Server = &url.URL{Scheme: "smtp", Host: server.address}
	err := p.Send(t.Context(), job.Letter{To: "ruth@school.test", Subject: "S", Words: "W", Path: "/"})
	if err == nil || strings.Contains(err.Error(), "ruth") || !strings.Contains(err.Error(), "550") {
		t.Errorf("error: %v", err)
	}
	err = p.Send(t.Context(), job.Letter{To: "not an address ruth", Subject: "S", Words: "W", Path: "/"})
	if err == nil || strings.Contains(err.Error(), "ruth") {
		t.Errorf("error: %v", err)
	}
}

func TestMailOutsideThisMachineIsEncrypted(t *testing.T) {
	t.Parallel()
	server := mailServer(t, "250 taken")
	_, port, err := net.SplitHostPort(server.address)
	if err != nil {
		t.Fatal(err)
	}
	p := post(t, silent)
	p.Server = &url.URL{Scheme: "smtp", Host: "localhost.localdomain:" + port} // not a name we know as our own
	if err := p.Send(t.Context(), job.Letter{To: "ruth@school.test", Subject: "S", Words: "W", Path: "/"}); err == nil {
		t.Error("a letter went out unencrypted")
	}
}

type heard struct {
	address string
	said    chan string
}

// mailServer takes one letter at a time and tells what it was told.
func mailServer(t *testing.T, toRecipient string) heard {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	h := heard{address: listener.Addr().String(), said: make(chan string, 10)}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			h.said <- talk(conn, toRecipient)
		}
	}()
	return h
}

func talk(conn net.Conn, toRecipient string) string {
	defer conn.Close()
	var all strings.Builder
	fmt.Fprint(conn, "220 here\r\n")
	lines := bufio.NewScanner(conn)
	letter := false
	for lines.Scan() {
		line := lines.Text()
		all.WriteString(line + "\n")
		switch word, _, _ := strings.Cut(line, " "); {
		case letter && line == ".":
			letter = false
			fmt.Fprint(conn, "250 taken\r\n")
		case letter:
		case word == "RCPT":
			fmt.Fprint(conn, toRecipient+"\r\n")
		case word == "DATA":
			letter = true
			fmt.Fprint(conn, "354 go on\r\n")
		case word == "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return all.String()
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
	return all.String()
}
