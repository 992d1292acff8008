package account

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres/pgtest"
)

// BenchmarkSignIn measures a wrong password for an account that is there and for one that is not, in turn, with
// the hash of production (bar: medians within 60 ms of each other), and a right one.
func BenchmarkSignIn(b *testing.B) {
	m := &moving{}
	s := &Service{DB: pgtest.Open(b).At(m.clock), Hasher: NewHasher(Strength, 2), Salt: []byte("a salt for tests")}
	hash, err := s.Hasher.Hash(b.Context(), good)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Establish(b.Context(), access.System, NewAccount{Email: "known@westmoor.test", Name: "Known", Role: access.Advisor}, hash); err != nil {
		b.Fatal(err)
	}
	took := map[string][]time.Duration{}
	try := func(name, email, password string, place int) {
		m.on(16 * time.Minute) // past every wait
		began := time.Now()
		_, err := s.SignIn(b.Context(), email, password, fmt.Sprintf("192.0.%d.%d", place/250%250, place%250))
		took[name] = append(took[name], time.Since(began))
		if password == other && !errors.Is(err, fault.KindInvalid) || password == good && err != nil {
			b.Fatal(err)
		}
	}
	place := 0
	for b.Loop() {
		place++
		try("known", "known@westmoor.test", other, place)
		try("unknown", "unknown@westmoor.test", other, place)
		try("right", "known@westmoor.test", good, place)
	}
	median := func(name string) float64 {
		slices.Sort(took[name])
		return float64(took[name][len(took[name])/2].Microseconds()) / 1000
	}
	b.ReportMetric(median("known"), "known-ms")
	b.ReportMetric(median("unknown"), "unknown-ms")
	b.ReportMetric(median("right"), "right-ms")
	b.ReportMetric(0, "ns/op")
}
