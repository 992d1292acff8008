package rights

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/policy"
	"virtualschool/internal/rights/record"
)

// TestTheRegisterIsWhole finds each side of a record in it once, with what is held and who receives it.
func TestTheRegisterIsWhole(t *testing.T) {
	t.Parallel()
	register := Register(policy.Values{})
	for _, one := range register {
		if one.Name == "" || one.Purpose == "" || one.Basis == "" || one.About == "" || len(one.Categories) == 0 || len(one.Recipients) == 0 || one.Kept == "" {
			t.Errorf("%s is not whole: %+v", one.Name, one)
		}
	}
	if len(ofChapter) != len(record.Chapters) {
		t.Errorf("%d sides of a record are in the register, of %d", len(ofChapter), len(record.Chapters))
	}
	for n, chapter := range record.Chapters {
		if ofChapter[n].chapter != chapter {
			t.Errorf("line %d is about %s, not %s", n, ofChapter[n].chapter, chapter)
		}
	}
	notes := register[slices.IndexFunc(register, func(a Activity) bool { return a.Name == "Notes" })]
	if !slices.Contains(notes.Recipients, access.SocialWorker.Name()) || slices.Contains(notes.Recipients, access.School.Name()) || !slices.Equal(notes.Categories, []string{"Notes"}) {
		t.Errorf("notes: %+v", notes)
	}
	drafts := register[slices.IndexFunc(register, func(a Activity) bool { return a.Name == "Words not yet saved" })]
	if want := fmt.Sprintf("%d days", policy.Values{}.PEPDraftDays()); !strings.HasPrefix(drafts.Kept, want) {
		t.Errorf("drafts are kept %s, and the rule says %s", drafts.Kept, want)
	}
	if receivers("fly") != nil {
		t.Error("somebody receives what nobody has heard of")
	}
}
