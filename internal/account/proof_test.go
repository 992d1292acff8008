package account

import (
	"testing"
	"time"

	"virtualschool/internal/access"
)

func TestAProofIsFreshForTenMinutes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	for since, fresh := range map[time.Duration]bool{0: true, 10 * time.Minute: true, 10*time.Minute + time.Second: false, 8 * time.Hour: false} {
		if (Proof{At: at}).Fresh(at.Add(since)) != fresh {
			t.Errorf("%s later: fresh is %v", since, !fresh)
		}
	}
	if (Proof{}).Fresh(at) {
		t.Error("no proof is fresh")
	}
}

// Half-way between the factors nobody is signed in, and not for long.
func TestHalfWayIsNobody(t *testing.T) {
	t.Parallel()
	s, clock := open(t)
	person := establish(t, s, "ruth@westmoor.test", access.Advisor, good)
	sessions := &Sessions{DB: s.DB, Idle: s.Idle}
	ctx := WithOwner(t.Context())
	proof := Proof{By: ByPassword, Since: s.DB.Now(), At: s.DB.Now(), Halfway: true}
	Belongs(ctx, person.ID, proof)
	if err := sessions.CommitCtx(ctx, "halfway", []byte("data"), time.Now().Add(8*time.Hour)); err != nil {
		t.Fatal(err)
	}
	look := func() (Person, bool) {
		ctx, _ := WithPerson(t.Context())
		_, found, err := sessions.FindCtx(ctx, "halfway")
		if err != nil {
			t.Fatal(err)
		}
		return PersonOf(ctx), found
	}
	if got, found := look(); !found || got.Somebody() || got.Halfway != person || got.Proof != proof {
		t.Errorf("found %v: %+v", found, got)
	}
	// Another who holds the token cannot make it theirs by committing it again.
	ctx = WithOwner(t.Context())
	Belongs(ctx, person.ID, Proof{By: ByPassword, Second: WithApp, Since: s.DB.Now(), At: s.DB.Now()})
	if err := sessions.CommitCtx(ctx, "halfway", []byte("data"), time.Now().Add(8*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, _ := look(); got.Somebody() {
		t.Error("a session changed hands under the same token")
	}
	clock.on(HalfwayFor + time.Second)
	if _, found := look(); found {
		t.Error("half-way lasts for ever")
	}
}
