package scheme

import (
	"slices"
	"sync"
)

// Usual is the scheme that holds while the council has set none, or one that is not there.
const Usual = "needs_led"

// Set is the schemes a council has, of all versions. The zero Set is those that come with the program.
type Set struct{ all []Scheme }

var builtin = sync.OnceValue(func() Set {
	set, err := Load(nil)
	if err != nil {
		panic("the schemes that come with the program: " + err.Error()) // they are part of it, and a test reads them
	}
	return set
})

// Builtin is the schemes that come with the program.
func Builtin() Set { return builtin() }

func (s Set) list() []Scheme {
	if s.all == nil {
		return builtin().all
	}
	return s.all
}

// All is every scheme and version.
func (s Set) All() []Scheme { return slices.Clone(s.list()) }

// Newest are the schemes a council can choose from, each at its newest version.
func (s Set) Newest() []Scheme {
	var newest []Scheme
	for _, one := range s.list() {
		if best, _ := s.find(one.Key); best.Version == one.Version {
			newest = append(newest, one)
		}
	}
	return newest
}

// Scheme is the newest version of a scheme; false, and the usual one, when it is not there.
func (s Set) Scheme(key string) (Scheme, bool) {
	if best, there := s.find(key); there {
		return best, true
	}
	usual, _ := s.find(Usual)
	return usual, false
}

// Version is a scheme as it was when something was done under it; false when it is no longer there.
func (s Set) Version(key string, version int) (Scheme, bool) {
	for _, one := range s.list() {
		if one.Key == key && one.Version == version {
			return one, true
		}
	}
	return Scheme{}, false
}

func (s Set) find(key string) (Scheme, bool) {
	var best Scheme
	for _, one := range s.list() {
		if one.Key == key && one.Version > best.Version {
			best = one
		}
	}
	return best, best.Version > 0
}
