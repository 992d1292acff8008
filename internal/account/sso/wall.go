package sso

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// How long a provider may take, and how much it may say.
const (
	mostWait = 10 * time.Second
	mostRead = 1 << 20
)

// Reasons why a provider is not called, or its answer not taken.
var (
	errHost     = errors.New("an address outside the provider's hosts")
	errRedirect = errors.New("the provider answered with a redirect")
	errTooMuch  = fmt.Errorf("the provider's answer is longer than %d bytes", mostRead)
)

// caller is a way out to one provider and to nowhere else.
func caller(p Provider) *http.Client {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.DialContext = (&net.Dialer{Timeout: 5 * time.Second}).DialContext
	base.TLSHandshakeTimeout, base.ResponseHeaderTimeout = 5*time.Second, mostWait
	base.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{
		Transport:     wall{p, base},
		Timeout:       mostWait,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
}

// wall lets requests to the provider's hosts through, and so much of the answers.
type wall struct {
	provider Provider
	out      http.RoundTripper
}

func (w wall) RoundTrip(r *http.Request) (*http.Response, error) {
	if !w.provider.calls(r.URL) {
		return nil, errHost
	}
	answer, err := w.out.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &limited{answer.Body, mostRead}
	return answer, nil
}

// limited is a body that fails when it is too long, instead of ending early.
type limited struct {
	io.ReadCloser
	left int
}

func (l *limited) Read(into []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooMuch
	}
	n, err := l.ReadCloser.Read(into[:min(len(into), l.left)])
	l.left -= n
	return n, err
}
