package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"strings"
	"testing"

	"virtualschool/internal/intake"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/intake/table"
)

func TestFlagsStandAnywhereAmongTheFiles(t *testing.T) {
	t.Parallel()
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	apply := flags.Bool("apply", false, "")
	files, err := interspersed(flags, []string{"a.csv", "--apply", "b.csv"})
	if err != nil || !*apply || strings.Join(files, " ") != "a.csv b.csv" {
		t.Errorf("%v %v %v", files, *apply, err)
	}
}

func TestImportSaysHowItIsUsed(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"nonsense", "a.csv"}, {"gias", "--nonsense"}, {"gias"}, {"903", "/nowhere/header.csv"}, {"903", t.TempDir()}} {
		var out bytes.Buffer
		err := runImport(context.Background(), &out, args)
		if err == nil {
			t.Errorf("%q: nothing wrong", args)
		}
		if errors.Is(err, errSaid) && !strings.Contains(out.String(), "virtualschool import") {
			t.Errorf("%q: %q", args, out.String())
		}
	}
	var out bytes.Buffer
	if err := runImport(context.Background(), &out, []string{"roll", "--template"}); err != nil || !bytes.Equal(out.Bytes(), rollfile.Template()) {
		t.Errorf("template: %q %v", out.String(), err)
	}
}

func TestAResultIsToldWorstFirstAndCutShort(t *testing.T) {
	t.Parallel()
	result := intake.Result{Notices: []string{"An older file."},
		Problems: []table.Problem{
			{File: "a.csv", Line: 2, Column: "DOB", Severity: table.Info, Text: "Only so."},
			{File: "a.csv", Line: 3, Column: "DOB", Severity: table.Error, Text: "Wrong."},
			{File: "a.csv", Severity: table.Warning, Text: "Odd."},
		},
		Kept: []intake.Item{{Action: intake.ActionRejected, Key: "C1", Words: "Wrong."}, {Action: intake.ActionConflict, Key: "C2", File: "a.csv", Line: 4, Words: "Two sayings."}},
	}
	var out bytes.Buffer
	tellResult(&out, result, 2)
	want := "An older file.\na.csv:3: DOB: error: Wrong.\na.csv: warning: Odd.\n… and 1 more; --all prints every one.\na.csv:4: conflict (C2): Two sayings.\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
