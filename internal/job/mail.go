package job

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"

	"virtualschool/internal/calendar"
)

// Letter is one mail. It holds no word about any child: only that there is something to do, and
// where. Path is the page to open, from the first slash; what it says is shown after signing in.
type Letter struct {
	To      string
	Subject string
	Words   string
	Path    string
}

// Post is how mail leaves: by the council's server, or into a folder where there is none.
type Post struct {
	From    *netmail.Address
	Server  *url.URL // smtp://user:password@host:587 or smtps://; nil keeps mail in Folder
	Folder  string
	BaseURL string // before each letter's path
	Site    string // who signs: "Virtual School, Westmoor Council"
	Clock   calendar.Clock
	Log     *slog.Logger
}

// sendLimit is how long a mail server may take to accept a letter.
const sendLimit = 30 * time.Second

// Send sends a letter. Its errors name nobody.
func (p *Post) Send(ctx context.Context, letter Letter) error {
	message, err := p.write(letter)
	if err != nil {
		return err
	}
	if p.Server == nil {
		return p.keep(ctx, message)
	}
	client, err := p.client()
	if err != nil {
		return err
	}
	return nameless(client.DialAndSendWithContext(ctx, message))
}

func (p *Post) write(letter Letter) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	message.FromMailAddress(p.From)
	if err := message.To(letter.To); err != nil {
		return nil, errors.New("the person's email address cannot be written to")
	}
	message.Subject(letter.Subject)
	message.SetDateWithValue(p.Clock())
	message.SetMessageID()
	message.SetGenHeader("Auto-Submitted", "auto-generated") // so that no holiday reply comes back (RFC 3834)
	message.SetBodyString(mail.TypeTextPlain, letter.Words+"\n\n"+p.BaseURL+letter.Path+"\n\n"+p.Site+
		"\n\nThis was sent by the Virtual School's computer, so do not reply. Mail from us never says anything about a child.\n")
	return message, nil
}

func (p *Post) client() (*mail.Client, error) {
	port, err := strconv.Atoi(p.Server.Port())
	if err != nil {
		return nil, fmt.Errorf("the mail server's port: %w", err)
	}
	options := []mail.Option{mail.WithPort(port), mail.WithTimeout(sendLimit), mail.WithTLSPolicy(tlsPolicy(p.Server.Hostname()))}
	if p.Server.Scheme == "smtps" {
		options = append(options, mail.WithSSL())
	}
	if p.Server.User != nil {
		password, _ := p.Server.User.Password()
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(p.Server.User.Username()), mail.WithPassword(password))
	}
	client, err := mail.NewClient(p.Server.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("the mail server's settings: %w", err)
	}
	return client, nil
}

// tlsPolicy asks for encryption everywhere but within this machine.
func tlsPolicy(host string) mail.TLSPolicy {
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return mail.TLSOpportunistic
	}
	return mail.TLSMandatory
}

// nameless keeps a mail server's answer, in which it repeats the address, out of logs and the queue.
func nameless(err error) error {
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	if errors.As(err, &refused) {
		return fmt.Errorf("the mail server did not take the letter (%s, code %d)", refused.Reason, refused.ErrorCode())
	}
	var network net.Error
	if errors.As(err, &network) {
		return fmt.Errorf("the mail server cannot be reached: %w", network)
	}
	return errors.New("the mail server did not take the letter")
}

// keep writes the letter to a file, for machines without a mail server.
func (p *Post) keep(ctx context.Context, message *mail.Msg) error {
	var whole bytes.Buffer
	if _, err := message.WriteTo(&whole); err != nil {
		return fmt.Errorf("write the letter: %w", err)
	}
	if err := os.MkdirAll(p.Folder, 0o700); err != nil {
		return err
	}
	file := filepath.Join(p.Folder, p.Clock().UTC().Format("20060102-150405.000000")+"-"+rand.Text()[:6]+".eml")
	if err := os.WriteFile(file, whole.Bytes(), 0o600); err != nil {
		return err
	}
	p.Log.InfoContext(ctx, "mail was put in a folder, as no mail server is set", "file", file)
	return nil
}
