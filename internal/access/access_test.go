package access_test

import (
	"errors"
	"slices"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
)

func as(role access.Role) access.Actor { return access.Actor{ID: 7, Role: role} }

// TestWhatIsNotListedIsRefused shows these requirements.
//
// ASVS 5.0: 8.2.1
func TestWhatIsNotListedIsRefused(t *testing.T) {
	t.Parallel()
	for _, actor := range []access.Actor{{}, {ID: 7}, as("ghost"), {ID: 0, Role: access.Head}, as(access.Service)} {
		for _, rule := range access.Rules {
			if access.Can(actor, rule.Action) {
				t.Errorf("%+v can %s", actor, rule.Action)
			}
			if err := access.Check(actor, rule.Action, access.Facts{}); !errors.Is(err, fault.KindForbidden) {
				t.Errorf("%+v, %s: %v", actor, rule.Action, err)
			}
		}
	}
	for _, role := range access.Roles {
		if access.Can(as(role), "fly") || access.Check(as(role), "fly", access.Facts{}) == nil {
			t.Errorf("%s may do what nobody has heard of", role)
		}
	}
	if err := access.Check(access.System, access.ImportFiles, access.Facts{}); err != nil {
		t.Errorf("the program itself: %v", err)
	}
}

func TestTheTableIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[access.Action]bool{}
	for _, rule := range access.Rules {
		if seen[rule.Action] {
			t.Errorf("%s is listed twice", rule.Action)
		}
		seen[rule.Action] = true
		if rule.Does == "" || len(rule.Roles) == 0 {
			t.Errorf("%s: say what it is and who has it", rule.Action)
		}
		for _, role := range rule.Roles {
			if !role.Known() || role.Name() == "" {
				t.Errorf("%s names the role %q", rule.Action, role)
			}
		}
	}
}

// TestDecidingMoney shows these requirements.
//
// ASVS 5.0: 2.3.5
func TestDecidingMoney(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		role  access.Role
		facts access.Facts
		want  bool
	}{
		{"deputy within the limit", access.Deputy, access.Facts{AskedBy: 1, Amount: 150000, Limited: true, Limit: 150000}, true},
		{"deputy a penny over (R36)", access.Deputy, access.Facts{AskedBy: 1, Amount: 150001, Limited: true, Limit: 150000}, false},
		{"head without a limit", access.Head, access.Facts{AskedBy: 1, Amount: 180000}, true},
		{"head above a limit of their own", access.Head, access.Facts{AskedBy: 1, Amount: 180000, Limited: true, Limit: 150000}, false},
		{"deputy who may approve nothing", access.Deputy, access.Facts{AskedBy: 1, Amount: 1, Limited: true}, false},
		{"deputy who may approve nothing returns it", access.Deputy, access.Facts{AskedBy: 1, Limited: true}, true},
		{"deputy where no limit is set", access.Deputy, access.Facts{AskedBy: 1, Amount: money.Pence(10_000_000)}, true},
		{"deputy, their own request", access.Deputy, access.Facts{AskedBy: 7, Amount: 1, Limited: true, Limit: 150000}, false},
		{"head, their own request", access.Head, access.Facts{AskedBy: 7, Amount: 1}, false},
		{"lead advisor", access.LeadAdvisor, access.Facts{AskedBy: 1, Amount: 1, Limited: true, Limit: 150000}, false},
		{"school", access.School, access.Facts{AskedBy: 1, Amount: 1, Limited: true, Limit: 150000}, false},
	} {
		if got := access.Check(as(c.role), access.DecidePremium, c.facts) == nil; got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// standing is somebody who was named to stand in for somebody else.
func standing(role, away access.Role) access.Actor {
	actor := as(role)
	actor.StandsInFor = access.Away{StandIn: 1, ID: 3, Name: "Dana Deputy", Role: away}
	return actor
}

func TestAStandInHasWhatIsLentAndNoMore(t *testing.T) {
	t.Parallel()
	for _, role := range access.Roles {
		for _, away := range access.Roles {
			actor := standing(role, away)
			for _, rule := range access.Rules {
				own := slices.Contains(rule.Roles, role)
				lent := rule.Lent && (role == access.LeadAdvisor || role == access.Advisor) && (away == access.Head || away == access.Deputy) && slices.Contains(rule.Roles, away)
				if access.Can(actor, rule.Action) != (own || lent) {
					t.Errorf("%s for a %s, %s: %t", role, away, rule.Action, !(own || lent))
				}
				if got := actor.InPlace(rule.Action).Standing; got != (lent && !own) {
					t.Errorf("%s for a %s, %s in that place: %t", role, away, rule.Action, got)
				}
			}
		}
	}
	var lent []access.Action
	for _, rule := range access.Rules {
		if rule.Lent {
			lent = append(lent, rule.Action)
		}
	}
	if want := []access.Action{access.DecidePremium, access.SeePremiumMoney}; !slices.Equal(lent, want) {
		t.Errorf("lent are %v, want %v", lent, want)
	}
	if actor := standing(access.Advisor, access.Deputy).InPlace("fly"); actor.Standing {
		t.Error("standing for what nobody has heard of")
	}
}

func TestDecidingInAnothersPlace(t *testing.T) {
	t.Parallel()
	actor := standing(access.Advisor, access.Deputy).InPlace(access.DecidePremium)
	for _, c := range []struct {
		name  string
		facts access.Facts
		want  bool
	}{
		{"within the other's limit", access.Facts{AskedBy: 1, Amount: 150000, Limited: true, Limit: 150000}, true},
		{"a penny over", access.Facts{AskedBy: 1, Amount: 150001, Limited: true, Limit: 150000}, false},
		{"their own request", access.Facts{AskedBy: 7, Amount: 1}, false},
		{"the request of who is away", access.Facts{AskedBy: 3, Amount: 1}, false},
	} {
		if got := access.Check(actor, access.DecidePremium, c.facts) == nil; got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

func TestNamingAStandIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		role access.Role
		away int64
		want bool
	}{
		{access.Head, 7, true}, {access.Head, 3, true}, {access.Deputy, 7, true}, {access.Deputy, 3, false}, {access.LeadAdvisor, 7, false},
	} {
		if got := access.Check(as(c.role), access.NameStandIn, access.Facts{For: c.away}) == nil; got != c.want {
			t.Errorf("%s names a stand-in for %d: %t", c.role, c.away, got)
		}
	}
}

func TestWritingASection(t *testing.T) {
	t.Parallel()
	schools, workers := access.Facts{SectionOwners: []access.Role{access.School}}, access.Facts{SectionOwners: []access.Role{access.SocialWorker}}
	for _, c := range []struct {
		role  access.Role
		facts access.Facts
		want  bool
	}{
		{access.School, schools, true}, {access.School, workers, false},
		{access.SocialWorker, workers, true}, {access.SocialWorker, schools, false},
		{access.Advisor, schools, true}, {access.Head, workers, true},
		{access.Colleague, schools, false}, {access.Colleague, access.Facts{SectionOwners: []access.Role{access.School}, Invited: true}, true},
		{access.School, access.Facts{SectionOwners: []access.Role{access.SocialWorker}, Invited: true}, true},
		{access.ReviewingOfficer, access.Facts{Invited: true}, false},
		{access.ReviewingOfficer, workers, false}, {access.DataOfficer, schools, false},
	} {
		if got := access.Check(as(c.role), access.WritePEP, c.facts) == nil; got != c.want {
			t.Errorf("%s with %v: %t", c.role, c.facts.SectionOwners, got)
		}
	}
}

// TestAnInvitedColleague may do what an invitation asks for, and nothing that comes with a post.
func TestAnInvitedColleague(t *testing.T) {
	t.Parallel()
	var may []access.Action
	for _, rule := range access.Rules {
		if access.Can(as(access.Colleague), rule.Action) {
			may = append(may, rule.Action)
		}
	}
	if want := []access.Action{access.UseOwnAccount, access.ChangeFactors, access.SeeSection, access.WritePEP}; !slices.Equal(may, want) {
		t.Errorf("%v, want %v", may, want)
	}
}
