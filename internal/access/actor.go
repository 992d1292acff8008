package access

import "virtualschool/internal/calendar"

// Role is a person's job in the Virtual School or beside it. A person has one.
type Role string

const (
	Head             Role = "head"
	Deputy           Role = "deputy"
	LeadAdvisor      Role = "lead_advisor"
	Advisor          Role = "advisor"
	SupportAdvisor   Role = "support_advisor"
	DataOfficer      Role = "data_officer"
	SocialWorker     Role = "social_worker"
	ReviewingOfficer Role = "reviewing_officer"
	School           Role = "school"
	// Colleague was invited to a section of a plan and sees nothing else.
	Colleague Role = "colleague"
	// Service is the program itself: imports, reminders, the demo's own acts. It cannot sign in.
	Service Role = "service"
)

// Roles are those a person can hold, in the order screens list them.
var Roles = []Role{Head, Deputy, LeadAdvisor, Advisor, SupportAdvisor, DataOfficer, SocialWorker, ReviewingOfficer, School, Colleague}

var roleNames = map[Role]string{
	Head:             "Virtual School Head",
	Deputy:           "Deputy Head",
	LeadAdvisor:      "Lead Education Advisor",
	Advisor:          "Education Advisor",
	SupportAdvisor:   "Support Advisor",
	DataOfficer:      "Data Officer",
	SocialWorker:     "Social Worker",
	ReviewingOfficer: "Independent Reviewing Officer",
	School:           "Designated Teacher or school colleague",
	Colleague:        "Invited colleague",
	Service:          "Virtual School (the program)",
}

// Name is the role as the field says it.
func (r Role) Name() string { return roleNames[r] }

// Known says whether r is a role a person can hold.
func (r Role) Known() bool {
	for _, known := range Roles {
		if r == known {
			return true
		}
	}
	return false
}

// Actor is who asks. The zero Actor is nobody, who may do nothing and sees no child.
type Actor struct {
	ID    int64
	Name  string
	Email string
	Role  Role
	// StandsInFor is whose place the person takes today; zero for most people on most days.
	StandsInFor Away
	// Standing: what is done now is done in that place, and sees the children that the other would.
	// The router sets it, on the routes of what the person has by standing in alone.
	Standing bool
}

// Away is somebody who is away and has named a stand-in. The zero Away is nobody.
type Away struct {
	StandIn int64 // the number under which the stand-in was named
	ID      int64 // who is away
	Name    string
	Role    Role
	Until   calendar.Date // the last day
}

// InPlace is the actor for an action: standing, when they have it only because they stand in.
func (a Actor) InPlace(action Action) Actor {
	rule := table[action]
	a.Standing = !rule.gives(a.Role) && rule.lends(a)
	return a
}

// System acts for the program itself, under the account that migration 000002 makes.
var System = Actor{ID: 1, Name: "Virtual School", Role: Service}

// Somebody says whether a person (or the program) has been recognised.
func (a Actor) Somebody() bool { return a.ID != 0 }

// Team says whether the actor works in the Virtual School itself.
func (a Actor) Team() bool {
	switch a.Role {
	case Head, Deputy, LeadAdvisor, Advisor, SupportAdvisor, DataOfficer:
		return true
	}
	return false
}

// WholeCohort says whether the actor sees every child, save restricted records and blocks.
// It mirrors enter() in migration 000003.
func (a Actor) WholeCohort() bool {
	switch a.Role {
	case Head, Deputy, LeadAdvisor, DataOfficer, Service:
		return true
	}
	return false
}
