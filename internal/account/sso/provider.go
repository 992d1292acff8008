package sso

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"virtualschool/internal/access"
)

// Provider is where the people of one organisation sign in.
type Provider struct {
	Key      string // its name in addresses and in the database's rows about sign-ins
	Name     string // as the button says it
	Issuer   string
	ClientID string
	Secret   string
	// Hosts are those beside the issuer's own that the provider's addresses may lie on.
	Hosts []string
	// Tenants and Domains, when given, are the only ones let in: the claims tid of Microsoft Entra
	// and hd of Google, or else the domain of an email address the provider has verified.
	Tenants []string
	Domains []string
	// AlwaysSecondFactor: the organisation asks everyone for a second factor, so a token need not say it.
	AlwaysSecondFactor bool
	// SecondFactorClasses are the values of the claim acr that say that a second factor was used.
	SecondFactorClasses []string
	// Groups say which role comes with which of the organisation's groups; the first that fits counts.
	// With none, roles are given here and nowhere else.
	Groups []GroupRole
}

// GroupRole is a role that comes with being in a group.
type GroupRole struct {
	Group string // as the claim groups holds it: Entra sends the group's object id
	Role  access.Role
}

// RoleOf is the role that comes with a person's groups. With no groups listed there is none to give,
// and the account's own stays: stays is true. False and no role: the person is in none of the groups,
// and is not let in.
func (p Provider) RoleOf(groups []string) (role access.Role, stays bool) {
	for _, one := range p.Groups {
		if slices.Contains(groups, one.Group) {
			return one.Role, false
		}
	}
	return "", len(p.Groups) == 0
}

// calls says whether the provider's addresses may be under this one: on a host of its list, and over
// TLS unless the provider runs on this very machine.
func (p Provider) calls(address *url.URL) bool {
	issuer, err := url.Parse(p.Issuer)
	if err != nil || address.User != nil {
		return false
	}
	if address.Host != issuer.Host && !slices.Contains(p.Hosts, address.Host) {
		return false
	}
	return address.Scheme == "https" || address.Scheme == "http" && issuer.Scheme == "http" && onThisMachine(address.Hostname())
}

// rightIssuer says whether the text can be an issuer: a whole https address without a query. A
// provider on this machine may do without TLS, for trying things out.
func rightIssuer(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, " {}") {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && onThisMachine(u.Hostname())
}

// rightHost says whether the text is a host, with or without a port, and nothing else.
func rightHost(text string) bool {
	u, err := url.Parse("https://" + text)
	return err == nil && text != "" && u.Host == text && u.Hostname() != "" && !strings.ContainsAny(text, "*@ ")
}

func onThisMachine(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() && net.ParseIP(host) != nil
}
