package sso_test

import (
	"errors"
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"virtualschool/internal/access"
	"virtualschool/internal/account/sso"
)

const list = `providers:
  - key: council
    name: Westmoor Council
    issuer: https://login.microsoftonline.com/tenant-1/v2.0
    client_id: client-1
    secret_file: council.secret
    tenants: [tenant-1]
    second_factor: always
    groups:
      - group: 8f6c
        role: advisor
  - key: google
    name: Schools
    issuer: https://accounts.google.com
    client_id: client-2
    secret_file: /run/secrets/google
    hosts: [oauth2.googleapis.com, www.googleapis.com]
    domains: [Schools.Westmoor.test]
    second_factor_classes: [urn:two]
`

func load(text string) ([]sso.Provider, error) {
	folder := fstest.MapFS{"sso.yaml": {Data: []byte(text)}, "council.secret": {Data: []byte("hush-1\n")}, "empty.secret": {Data: []byte(" \n")}}
	return sso.LoadFrom(folder, "sso.yaml", func(path string) ([]byte, error) {
		if path == "/run/secrets/google" {
			return []byte("hush-2"), nil
		}
		return nil, fs.ErrNotExist
	})
}

func TestLoad(t *testing.T) {
	t.Parallel()
	got, err := load(list)
	if err != nil {
		t.Fatal(err)
	}
	want := []sso.Provider{
		{Key: "council", Name: "Westmoor Council", Issuer: "https://login.microsoftonline.com/tenant-1/v2.0", ClientID: "client-1", Secret: "hush-1",
			Tenants: []string{"tenant-1"}, AlwaysSecondFactor: true, Groups: []sso.GroupRole{{Group: "8f6c", Role: access.Advisor}}},
		{Key: "google", Name: "Schools", Issuer: "https://accounts.google.com", ClientID: "client-2", Secret: "hush-2",
			Hosts: []string{"oauth2.googleapis.com", "www.googleapis.com"}, Domains: []string{"schools.westmoor.test"}, SecondFactorClasses: []string{"urn:two"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

func TestLoadFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, words string }{
		{"a key that cannot stand in an address", "key: council", "key: the council", "key is \"the council\""},
		{"a key twice", "key: google", "key: council", "another provider's key"},
		{"no name", "name: Schools\n", "\n", "name is missing"},
		{"an issuer without TLS", "issuer: https://accounts.google.com", "issuer: http://accounts.google.com", "https address"},
		{"an issuer for every tenant", "/tenant-1/v2.0", "/{tenantid}/v2.0", "https address"},
		{"no client", "client_id: client-1\n", "\n", "client_id is missing"},
		{"a secret in the list", "secret_file: council.secret", "secret: hush", "secret is not known here"},
		{"a secret that is not there", "council.secret", "gone.secret", "cannot be read"},
		{"a secret outside the folder", "council.secret", "../council.secret", "cannot be read"},
		{"an empty secret", "council.secret", "empty.secret", "cannot be read"},
		{"a host that is an address", "oauth2.googleapis.com", "https://oauth2.googleapis.com", "is not a host"},
		{"any host", "oauth2.googleapis.com", `"*.googleapis.com"`, "is not a host"},
		{"a domain that is an address", "Schools.Westmoor.test", "a@schools.test", "is not a domain"},
		{"a role that no group gives", "role: advisor", "role: school", "role is \"school\""},
		{"a second factor of its own kind", "second_factor: always", "second_factor: sometimes", "second_factor is"},
		{"a setting nobody knows", "tenants:", "tenant:", "Write tenants"},
		{"nobody", list, "providers: []", "no provider is listed"},
		{"no list", list, "a: b", "not known here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(list, tt.old, tt.new, 1)
			got, err := load(text)
			if faulty, ok := errors.AsType[sso.Faulty](err); !ok || !strings.Contains(faulty.Error(), tt.words) || strings.Contains(faulty.Error(), "hush") {
				t.Errorf("%+v, %v, want a problem with %q", got, err, tt.words)
			}
		})
	}
	if _, err := sso.Load("there/is/no/such.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(list)
	f.Add("providers: [{key: a, groups: [{group: 1}]}]")
	f.Fuzz(func(t *testing.T, text string) {
		if providers, err := load(text); err == nil {
			for _, p := range providers {
				if p.Secret == "" || p.ClientID == "" || p.Issuer == "" {
					t.Errorf("an unusable provider was read: %+v", p)
				}
			}
		}
	})
}
