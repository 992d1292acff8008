package sso

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"virtualschool/internal/access"
	"virtualschool/internal/yamlfile"
)

// Faulty is every problem of the file, so that an author can put them right in one go.
type Faulty []yamlfile.Problem

// Error lists them, one a line. It never repeats a secret.
func (f Faulty) Error() string {
	lines := []string{"the file of sign-in providers needs correcting:"}
	for _, problem := range f {
		lines = append(lines, problem.String())
	}
	return strings.Join(lines, "\n")
}

// GroupRoles are the roles that a group can give: those of people who belong to no school, as a
// group says nothing of which school that would be.
var GroupRoles = []access.Role{access.Head, access.Deputy, access.LeadAdvisor, access.Advisor, access.SupportAdvisor,
	access.DataOfficer, access.SocialWorker, access.ReviewingOfficer}

// Load reads the file that lists a council's providers, and their secrets from the files it names.
func Load(file string) ([]Provider, error) {
	return LoadFrom(os.DirFS(filepath.Dir(file)), filepath.Base(file), os.ReadFile)
}

// LoadFrom is Load with the list and the secrets from elsewhere. A secret's file is named by its whole
// path, or by one beginning where the list is. The error is Faulty when the list can be read and is wrong.
func LoadFrom(folder fs.FS, name string, secret func(path string) ([]byte, error)) ([]Provider, error) {
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, err
	}
	r := &reader{folder: folder, secret: secret}
	at, root, readable := yamlfile.Document(name, "list of providers", text, &r.problems)
	if readable {
		if f, ok := yamlfile.ReadFields(at, root, "the list", "providers"); ok {
			for _, item := range f.List("providers") {
				r.read(item)
			}
			if len(r.providers) == 0 && len(r.problems) == 0 {
				f.Place("providers").Wrong("no provider is listed. Write one, or unset VS_SSO_FILE.")
			}
		}
	}
	if len(r.problems) > 0 {
		return nil, Faulty(r.problems)
	}
	return r.providers, nil
}

type reader struct {
	folder    fs.FS
	secret    func(string) ([]byte, error)
	providers []Provider
	problems  []yamlfile.Problem
}

const mostName = 60

var keyShape = regexp.MustCompile(`^[a-z][a-z0-9]{0,19}$`)

func (r *reader) read(item yamlfile.Item) {
	f, ok := yamlfile.ReadFields(item.At, item.Node, "a provider", "key", "name", "issuer", "client_id", "secret_file", "hosts", "tenants", "domains",
		"second_factor", "second_factor_classes", "groups")
	if !ok {
		return
	}
	p := Provider{Key: f.Text("key"), Name: f.Words("name", mostName, true), Issuer: f.Text("issuer"), ClientID: f.Text("client_id"),
		Hosts: words(f, "hosts"), Tenants: words(f, "tenants"), Domains: words(f, "domains"), SecondFactorClasses: words(f, "second_factor_classes"),
		AlwaysSecondFactor: f.Offered("second_factor", []string{"told", "always"}) == "always"}
	if !keyShape.MatchString(p.Key) {
		f.Place("key").Wrong("key is %q. Write up to 20 small letters and digits, such as council. It is part of the address to enter at the provider: /sso/council/back.", p.Key)
	}
	if slices.ContainsFunc(r.providers, func(other Provider) bool { return other.Key == p.Key }) {
		f.Place("key").Wrong("%q is another provider's key. Each has its own.", p.Key)
	}
	if !rightIssuer(p.Issuer) {
		f.Place("issuer").Wrong("issuer must be the provider's https address, such as https://login.microsoftonline.com/your-tenant/v2.0 or https://accounts.google.com")
	}
	if p.ClientID == "" {
		f.Place("client_id").Wrong("client_id is missing. The provider gives it when this program is registered there.")
	}
	for _, host := range p.Hosts {
		if !rightHost(host) {
			f.Place("hosts").Wrong("%q is not a host. Write its name alone, such as oauth2.googleapis.com.", host)
		}
	}
	for i, domain := range p.Domains {
		if p.Domains[i] = strings.ToLower(domain); !rightHost(domain) || strings.Contains(domain, ":") {
			f.Place("domains").Wrong("%q is not a domain. Write it alone, such as council.gov.uk.", domain)
		}
	}
	p.Secret = r.readSecret(f)
	p.Groups = readGroups(f)
	r.providers = append(r.providers, p)
}

// readSecret reads the client's secret. Neither it nor what its file says is ever repeated.
func (r *reader) readSecret(f yamlfile.Fields) string {
	path := f.Text("secret_file")
	if path == "" {
		f.Place("secret_file").Wrong("secret_file is missing. Write the path of a file that holds the client's secret and nothing else.")
		return ""
	}
	var text []byte
	var err error
	if filepath.IsAbs(path) {
		text, err = r.secret(path)
	} else {
		text, err = fs.ReadFile(r.folder, filepath.ToSlash(filepath.Clean(path)))
	}
	secret := strings.TrimSpace(string(text))
	if err != nil || secret == "" || len(text) > 4096 {
		f.Place("secret_file").Wrong("the file %s cannot be read, or does not hold one secret", path)
	}
	return secret
}

func readGroups(f yamlfile.Fields) []GroupRole {
	var groups []GroupRole
	for _, item := range f.List("groups") {
		g, ok := yamlfile.ReadFields(item.At, item.Node, "a group", "group", "role")
		if !ok {
			continue
		}
		one := GroupRole{Group: g.Text("group"), Role: access.Role(g.Text("role"))}
		if one.Group == "" {
			g.Place("group").Wrong("group is missing. Write it as the provider sends it; Entra sends the group's object id.")
		}
		if !slices.Contains(GroupRoles, one.Role) {
			g.Place("role").Wrong("role is %q. Write one of %s.", one.Role, roleList())
		}
		groups = append(groups, one)
	}
	return groups
}

func roleList() string {
	names := make([]string, len(GroupRoles))
	for i, role := range GroupRoles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}

func words(f yamlfile.Fields, name string) []string {
	var list []string
	for _, item := range f.List(name) {
		if text := yamlfile.Scalar(item.At, item.Node); text != "" {
			list = append(list, text)
		}
	}
	return list
}
