package setting_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/setting"
)

func TestSearchForgives(t *testing.T) {
	t.Parallel()
	h := build(t)
	for typed, want := range map[string]string{
		"hollybush":            "Hollybush Primary School",
		"holybush":             "Hollybush Primary School",
		"HOLLYBUSH leeds":      "Hollybush Primary School",
		"100004":               "Hollybush Primary School",
		"383/0004":             "Hollybush Primary School",
		"ls1 4aa":              "Hollybush Primary School",
		"LS14AA":               "Hollybush Primary School",
		"st marys oak primary": "St Mary’s Oak Primary School",
		"st mary's oak":        "St Mary’s Oak Primary School", // the closed one comes after
		"elm green scool":      "Elm Green School",
		"zzzz":                 "",
		"'; drop table --":     "",
		"%":                    "",
		"":                     "",
		"школа":                "",
		"100099":               "",
	} {
		if typed == "383/0004" {
			h.do(t, `update setting set establishment_number = '0004' where urn = 100004`)
		}
		var found []setting.Found
		h.view(t, access.Advisor, func(b *postgres.Batch) {
			setting.QueueSearch(b, &found, setting.Search{Words: typed, AuthorityCode: "332"})
		})
		first := ""
		if len(found) > 0 {
			first = found[0].Name
		}
		if first != want {
			t.Errorf("%q found %q; want %q", typed, first, want)
		}
	}
	var open []setting.Found
	h.view(t, access.Advisor, func(b *postgres.Batch) {
		setting.QueueSearch(b, &open, setting.Search{Words: "dudley", OnlyOpen: true})
	})
	if len(open) != 2 {
		t.Errorf("%d settings a child can go to in Dudley; want the open one and the closing one: %+v", len(open), open)
	}
	for _, one := range open {
		if one.ID == h.elm && !strings.Contains(one.Where(), "proposed to close") {
			t.Errorf("nothing warns that it closes: %q", one.Where())
		}
	}
}

func TestASettingShowsOnlyTheChildrenOneMaySee(t *testing.T) {
	t.Parallel()
	h := build(t)
	for role, want := range map[access.Role]int{access.Head: 2, access.DataOfficer: 2, access.Advisor: 1, access.School: 2, access.SocialWorker: 0} {
		var page setting.Page
		h.view(t, role, func(b *postgres.Batch) {
			setting.QueueSetting(b, &page, h.oak)
			setting.QueuePupilLooks(b, h.people[role].ID, h.oak, "r1")
		})
		if len(page.Pupils) != want {
			t.Errorf("%s sees %d children; want %d", role, len(page.Pupils), want)
		}
		if len(page.Contacts) != 1 || page.Contacts[0].PostName() != "Designated teacher" {
			t.Errorf("contacts: %+v", page.Contacts)
		}
		if looks := h.id(t, `select count(*) from audit_look where account_id = $1 and screen = 'school'`, h.people[role].ID); int(looks) != want {
			t.Errorf("%s: %d looks for %d children", role, looks, want)
		}
	}
	var closing setting.Page
	h.view(t, access.Head, func(b *postgres.Batch) { setting.QueueSetting(b, &closing, h.elm) })
	if next := closing.Successors(); len(next) != 1 || next[0].SettingID != h.ash || next[0].Status != setting.Proposed {
		t.Errorf("successors: %+v", next)
	}
	if before := closing.Predecessors(); len(before) != 1 || before[0].SettingID != 0 || before[0].Name != "Long gone" {
		t.Errorf("predecessors: %+v", before)
	}
	var batch postgres.Batch
	var nowhere setting.Page
	setting.QueueSetting(&batch, &nowhere, 999)
	if err := h.db.View(t.Context(), h.people[access.Head], &batch); !errors.Is(err, fault.KindNotFound) {
		t.Errorf("a setting that is not there: %v", err)
	}
}

func TestAttendedSettings(t *testing.T) {
	t.Parallel()
	h := build(t)
	list := func(role access.Role, filter setting.Filter) (names []string) {
		var found []setting.Attended
		filter.AuthorityCode = "332"
		h.view(t, role, func(b *postgres.Batch) { setting.QueueAttended(b, &found, filter) })
		for _, one := range found {
			names = append(names, one.Name)
		}
		return names
	}
	for name, c := range map[string]struct {
		role   access.Role
		filter setting.Filter
		want   string
	}{
		"all, what closes first": {access.Head, setting.Filter{}, "Elm Green School|St Mary’s Oak Primary School|Hollybush Primary School"},
		"advisor":                {access.Advisor, setting.Filter{}, "St Mary’s Oak Primary School"},
		"school":                 {access.School, setting.Filter{}, "St Mary’s Oak Primary School"},
		"social worker":          {access.SocialWorker, setting.Filter{}, ""},
		"in":                     {access.Head, setting.Filter{Area: "in"}, "Elm Green School|St Mary’s Oak Primary School"},
		"out":                    {access.Head, setting.Filter{Area: "out"}, "Hollybush Primary School"},
		"no teacher":             {access.Head, setting.Filter{Teacher: "missing"}, "Elm Green School|Hollybush Primary School"},
		"closing":                {access.Head, setting.Filter{Closing: true}, "Elm Green School"},
		"words":                  {access.Head, setting.Filter{Words: "holly"}, "Hollybush Primary School"},
		"phase":                  {access.Head, setting.Filter{Phase: "Secondary"}, ""},
		"second page":            {access.Head, setting.Filter{Limit: 1, Offset: 2}, "Hollybush Primary School"},
	} {
		if got := strings.Join(list(c.role, c.filter), "|"); got != c.want {
			t.Errorf("%s: %q; want %q", name, got, c.want)
		}
	}
	var one []setting.Attended
	var phases []string
	h.view(t, access.Head, func(b *postgres.Batch) {
		setting.QueueAttended(b, &one, setting.Filter{Limit: 1, Offset: 1})
		setting.QueuePhases(b, &phases)
	})
	if len(one) != 1 || one[0].Total != 3 || one[0].Children != 2 || one[0].Teacher != "Ms school" || len(phases) != 1 {
		t.Errorf("%+v, phases %v", one, phases)
	}
}

func TestASettingOutsideTheRegister(t *testing.T) {
	t.Parallel()
	h := build(t)
	tutor := setting.Local{Name: " Bright Tutors ", TypeName: "Tutor or tuition service", Town: "Dudley", Postcode: "dy12ab"}
	if _, err := h.service.Create(t.Context(), h.people[access.School], tutor); !errors.Is(err, fault.KindForbidden) {
		t.Errorf("a school may not enter settings: %v", err)
	}
	id, err := h.service.Create(t.Context(), h.people[access.Advisor], tutor)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.service.Create(t.Context(), h.people[access.DataOfficer], setting.Local{Name: "bright tutors", TypeName: "Other", Town: "DUDLEY"}); !fault.Of(err).Has("name") {
		t.Errorf("the same setting entered twice: %v", err)
	}
	var made setting.Setting
	h.view(t, access.Advisor, func(b *postgres.Batch) { setting.QueueOne(b, &made, id) })
	if made.Name != "Bright Tutors" || made.Postcode != "DY1 2AB" || !made.Local() || made.DfENumber() != "" || strings.Join(made.Address(), ", ") != "Dudley, DY1 2AB" {
		t.Errorf("%+v", made)
	}
	for field, wrong := range map[string]setting.Local{
		"name":      {TypeName: "Other"},
		"type":      {Name: "X", TypeName: "Shed"},
		"postcode":  {Name: "X", TypeName: "Other", Postcode: "nowhere"},
		"authority": {Name: "X", TypeName: "Other", AuthorityCode: "33"},
		"town":      {Name: "X", TypeName: "Other", Town: strings.Repeat("é", 201)},
	} {
		if _, err := h.service.Create(t.Context(), h.people[access.Advisor], wrong); !fault.Of(err).Has(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	tutor.Version, tutor.Closed = made.Version, true
	if err := h.service.Edit(t.Context(), h.people[access.Advisor], id, tutor); err != nil {
		t.Fatal(err)
	}
	if err := h.service.Edit(t.Context(), h.people[access.Advisor], id, tutor); !errors.Is(err, fault.KindConflict) {
		t.Errorf("a stale version: %v", err)
	}
	if err := h.service.Edit(t.Context(), h.people[access.Advisor], h.oak, tutor); !errors.Is(err, fault.KindConflict) || fault.Words(err) != setting.FromTheRegister {
		t.Errorf("a setting of the register was edited: %v", err)
	}
	h.view(t, access.Advisor, func(b *postgres.Batch) { setting.QueueOne(b, &made, id) })
	if made.Status != setting.Closed || made.ClosedOn.IsZero() || made.Status.Takes() {
		t.Errorf("%+v", made)
	}
	if n := h.id(t, `select count(*) from audit_change where subject = 'setting'`); n != 2 {
		t.Errorf("%d changes in the audit; want 2", n)
	}
}

func TestTwoEnterTheSameSettingAtOnce(t *testing.T) {
	t.Parallel()
	h := build(t)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			_, err := h.service.Create(t.Context(), h.people[access.Advisor], setting.Local{Name: "Bright Tutors", TypeName: "Other"})
			if err != nil && !fault.Of(err).Has("name") {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := h.id(t, `select count(*) from setting where source = 'local'`); n != 1 {
		t.Errorf("%d settings; want 1", n)
	}
}
