package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/attendance/sheet"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/intake/table"
)

// shownProblems is how many problems are printed unless all are asked for.
const shownProblems = 20

const importUsage = `virtualschool import gias|903|roll|marks|collected [--apply] [--all] FILE…
  gias   the register of schools and the links between them, as downloaded
  903    the children looked after return: its CSV tables or the XML
  roll   names, schools and people; "import roll --template" prints the empty file
  marks  attendance marks of school registers: a row for each session or day, a column for
         each day, or a string of marks from a start date; all go in or none
  collected  the same, as a service collected them: a school's register stands before them
--column ROLE=HEADING says what a column of marks holds where its heading does not tell; it is
remembered when applied. ROLE is one of child_id, upn, school, date, session, mark, am, pm, week,
start, marks.
Without --apply nothing is changed. --all prints every problem and not only the first.
`

// runImport checks files and says what they would change; with --apply it changes it. The last line
// is the figures. It fails only when a file cannot be used as a whole, or has wrong marks to apply.
func runImport(ctx context.Context, out io.Writer, args []string) error {
	kind := intake.Kind("")
	if len(args) > 0 {
		kind, args = intake.Kind(args[0]), args[1:]
	}
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	apply := flags.Bool("apply", false, "")
	all := flags.Bool("all", false, "")
	template := flags.Bool("template", false, "")
	var columns sheet.Columns
	flags.Func("column", "", func(text string) error { return nameColumn(&columns, text) })
	files, err := interspersed(flags, args)
	if err != nil || !kind.Known() {
		fmt.Fprint(out, importUsage)
		return errors.Join(err, errSaid)
	}
	if *template && kind == intake.RollFile {
		_, err := out.Write(rollfile.Template())
		return err
	}
	if len(files) == 0 {
		fmt.Fprint(out, importUsage)
		return errors.New("say which files to import")
	}
	uploads, done, err := openUploads(files)
	if err != nil {
		return err
	}
	defer done()
	g, err := settle(ctx, out, false)
	if err != nil {
		return err
	}
	defer g.close()
	service := &intake.Service{DB: g.db, Columns: columns, Progress: tellProgress(out)}
	do := service.Preview
	if *apply {
		do = service.Import
	}
	result, err := do(ctx, access.System, kind, uploads)
	var unsaid *sheet.Unsaid
	if errors.As(err, &unsaid) {
		return fmt.Errorf("%w Use --column ROLE=HEADING. The headings are: %s", err, strings.Join(unsaid.Headings, ", "))
	}
	if err != nil && !intake.IsBlocked(err) {
		return err
	}
	limit := shownProblems
	if *all {
		limit = len(result.Problems) + len(result.Kept)
	}
	tellResult(out, result, limit)
	switch {
	case err != nil:
		fmt.Fprintln(out, fault.Words(err), "Nothing was changed.")
		err = errSaid
	case *apply:
		fmt.Fprintln(out, "Applied.")
	default:
		fmt.Fprintln(out, "Nothing was changed. To apply it, add --apply.")
	}
	fmt.Fprintln(out, result.Counts)
	return err
}

// nameColumn reads "mark=Attendance code".
func nameColumn(columns *sheet.Columns, text string) error {
	name, heading, parted := strings.Cut(text, "=")
	for _, role := range sheet.Roles {
		if parted && role.Name == name {
			role.Set(columns, heading)
			return nil
		}
	}
	return fmt.Errorf("%s names no column", text)
}

// tellProgress says now and then how far a long file has come.
func tellProgress(out io.Writer) func(int) {
	last := time.Now()
	return func(rows int) {
		if time.Since(last) < 2*time.Second {
			return
		}
		last = time.Now()
		fmt.Fprintf(out, "%d rows read\n", rows)
	}
}

// interspersed reads flags wherever they stand among the file names.
func interspersed(flags *flag.FlagSet, args []string) (files []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, err
		}
		if args = flags.Args(); len(args) > 0 {
			files, args = append(files, args[0]), args[1:]
		}
	}
	return files, nil
}

func openUploads(paths []string) (uploads []intake.Upload, done func(), err error) {
	var opened []*os.File
	done = func() {
		for _, file := range opened {
			file.Close()
		}
	}
	for _, path := range paths {
		file, err := os.Open(path) // #nosec G703 -- named by whoever runs the program
		if err != nil {
			done()
			return nil, nil, err
		}
		opened = append(opened, file)
		about, err := file.Stat()
		if err == nil && about.IsDir() {
			err = fmt.Errorf("%s is a folder; name the files in it", path)
		}
		if err != nil {
			done()
			return nil, nil, err
		}
		uploads = append(uploads, intake.Upload{Name: filepath.Base(path), Content: file, Size: about.Size()})
	}
	return uploads, done, nil
}

func tellResult(out io.Writer, result intake.Result, limit int) {
	for _, notice := range result.Notices {
		fmt.Fprintln(out, notice)
	}
	shown := 0
	for _, severity := range []table.Severity{table.Error, table.Warning, table.Info} {
		for _, p := range result.Problems {
			if p.Severity == severity && shown < limit {
				shown++
				fmt.Fprintln(out, problemLine(p))
			}
		}
	}
	if rest := len(result.Problems) - shown; rest > 0 {
		fmt.Fprintf(out, "… and %d more; --all prints every one.\n", rest)
	}
	shown = 0
	for _, item := range result.Kept {
		if item.Action != intake.ActionConflict {
			continue
		}
		if shown++; shown <= limit {
			fmt.Fprintf(out, "%s:%d: conflict (%s): %s\n", item.File, item.Line, item.Key, item.Words)
		}
	}
	if shown > limit {
		fmt.Fprintf(out, "… and %d more conflicts; --all prints every one.\n", shown-limit)
	}
}

// problemLine is a finding as editors take it: file, line, column.
func problemLine(p table.Problem) string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Column != "" {
		place += ": " + p.Column
	}
	return fmt.Sprintf("%s: %s: %s", place, p.Severity, p.Text)
}
