package area_test

import (
	"testing"

	"virtualschool/internal/access"
	"virtualschool/web/premium/area"
)

func TestEachIsLedWhereTheyMayGo(t *testing.T) {
	t.Parallel()
	for _, role := range access.Roles {
		actor := access.Actor{ID: 7, Role: role}
		navigation := area.Navigation(actor, "/premium/reports")
		first := area.First(actor)
		if may := access.Can(actor, access.ReportPremium); may != (first != "") || may != (len(navigation.Items) > 0) {
			t.Errorf("%s may open the area: %v; is led to %q with %d links", role, may, first, len(navigation.Items))
		}
		if first != "" && navigation.Items[0].Href != first {
			t.Errorf("%s begins at %s, the first link is %s", role, first, navigation.Items[0].Href)
		}
		current := 0
		for _, item := range navigation.Items {
			if item.Current {
				current++
			}
		}
		if len(navigation.Items) > 0 && current != 1 {
			t.Errorf("%s: %d current pages", role, current)
		}
	}
}
