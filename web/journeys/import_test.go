package journeys

import (
	"os"
	"path/filepath"
	"testing"

	"virtualschool/internal/intake"
)

// A small return of our own making: one child who is known, one who is new, and one line that is wrong.
var smallReturn = map[string]string{
	"header.csv": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n" +
		"LA1001,F,02/03/2016,WBRI,A801200001001,,\n" +
		"N7,M,01/02/2012,WBRI,B801200005001,,\n" +
		"N8,M,31/09/2012,WBRI,UN1,,\n",
	"episodes.csv": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n" +
		"LA1001,01/09/2025,S,C2,N1,U6,PR1,,,,,DY1 1AA,\n" +
		"N7,02/11/2026,S,C2,N1,U6,PR1,,,,,DY1 1AA,\n",
}

func TestTheDataOfficerImportsAReturn(t *testing.T) {
	t.Parallel()
	town := newTown(t)
	folder := t.TempDir()
	var files []string
	for name, content := range smallReturn {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	officer := town.as(town.data)
	officer.Opens("/children?status=all")
	officer.DoesNotSee("Child N7")

	officer.Opens("/")
	officer.Follows("Administration")
	officer.Follows("Imports")
	officer.PressesIn(intake.Return.Name(), "Check")
	officer.IsAnswered(422)
	officer.AttachesIn(intake.Return.Name(), "Files", files...)
	officer.PressesIn(intake.Return.Name(), "Check")
	officer.IsAt("/imports/")
	at := officer.where()
	town.worksInTheBackground()

	officer.Opens(at)
	officer.Sees("New", "header.csv", "31/09/2012")
	officer.Presses("Confirm and apply")
	town.worksInTheBackground()
	officer.Opens(at)
	officer.Sees("Confirmed by", "Dot Data")
	officer.DoesNotSee("Confirm and apply")
	officer.Opens("/children?status=all")
	officer.Sees("Child N7")

	advisor := town.as(town.advisor)
	advisor.Opens("/imports")
	advisor.IsAnswered(403)
}

// worksInTheBackground does what waits to be done when nobody looks.
func (w *town) worksInTheBackground() {
	w.t.Helper()
	service := &intake.Service{DB: w.DB}
	if id := w.ID(`select coalesce(max(id), 0) from import where state = 'applying'`); id != 0 {
		if err := service.Apply(w.t.Context(), id); err != nil {
			w.t.Fatal(err)
		}
	}
	if id := w.ID(`select coalesce(max(id), 0) from import where state = 'uploaded'`); id != 0 {
		if err := service.Check(w.t.Context(), id); err != nil {
			w.t.Fatal(err)
		}
	}
}
