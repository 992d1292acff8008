package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/intake"
	"virtualschool/internal/intake/rollfile"
	"virtualschool/internal/postgres"
	"virtualschool/web/kit"
	"virtualschool/web/ui"
)

// listSize is how many imports one page lists.
const listSize = 25

type listView struct {
	Home    string
	Kinds   []intake.Kind
	Schools []intake.School // whose file of marks it may be
	Imports []intake.Import
	Next    string
	Forms   map[intake.Kind]*kit.Form // one for each kind, so that each upload is an act of its own
	Sent    *kit.Form                 // the one that was refused; nil at the first look
}

func (p *Pages) list(w http.ResponseWriter, r *http.Request) error {
	return p.showList(w, r, "", nil)
}

// showList shows the page; sent is the form that was refused, for a kind.
func (p *Pages) showList(w http.ResponseWriter, r *http.Request, kind intake.Kind, sent *kit.Form) error {
	view := listView{Home: under(r), Kinds: intake.Kinds, Forms: map[intake.Kind]*kit.Form{}, Sent: sent}
	if view.OfSchool() {
		view.Kinds = []intake.Kind{intake.Marks}
	}
	for _, k := range intake.Kinds {
		view.Forms[k] = kit.NewForm(nil)
	}
	if sent != nil {
		view.Forms[kind] = sent
	}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0
	}
	var batch postgres.Batch
	intake.QueueImports(&batch, &view.Imports, before, listSize+1)
	intake.QueueSchools(&batch, &view.Schools, kit.Actor(r))
	if err := p.Kit.DB.View(r.Context(), kit.Actor(r), &batch); err != nil {
		return err
	}
	if len(view.Imports) > listSize {
		view.Imports = view.Imports[:listSize]
		view.Next = fmt.Sprintf("%s?before=%d", view.Home, view.Imports[listSize-1].ID)
	}
	return p.Kit.Show(w, r, kit.Page{Title: view.title(), Form: sent}, listPage(view))
}

// OfSchool says whether the page is a school's.
func (v listView) OfSchool() bool { return v.Home == schoolHome }

func (v listView) title() string {
	if v.OfSchool() {
		return "Files of marks"
	}
	return "Imports"
}

// field is the name of a kind's file field: the page has one for each.
func field(kind intake.Kind) string { return "files-" + string(kind) }

// receive takes in an upload.
func (p *Pages) receive(w http.ResponseWriter, r *http.Request) error {
	kind := intake.Kind(chi.URLParam(r, "kind"))
	if under(r) == schoolHome {
		kind = intake.Marks
	}
	if !kind.Known() {
		return fault.NotFound()
	}
	form := kit.FormOf(r)
	if form.Err() != nil { // a file is too large
		return p.showList(w, r, kind, form)
	}
	uploads, done, err := uploadsOf(r, field(kind))
	if err != nil {
		return err
	}
	defer done()
	ctx, err := once(r.Context(), form.Key, uploads)
	if err != nil {
		return err
	}
	r = r.WithContext(ctx)
	settingID := int64(0)
	if kind.OfMarks() && form.Value("setting") != "" {
		settingID = form.ID("setting")
	}
	id, err := p.Intake.ReceiveFrom(ctx, kit.Actor(r), kind, settingID, uploads)
	if form.Refuses(err) {
		form.Rename("files", field(kind))
		return p.showList(w, r, kind, form)
	}
	if err != nil {
		return err
	}
	return p.Kit.Done(w, r, fmt.Sprintf("%s/%d", under(r), id), "The file has arrived and is being checked. Nothing changes before you confirm it.")
}

// uploadsOf opens the files that were sent in a field; done closes them.
func uploadsOf(r *http.Request, name string) (uploads []intake.Upload, done func(), err error) {
	var opened []io.Closer
	done = func() {
		for _, file := range opened {
			file.Close()
		}
	}
	if r.MultipartForm == nil {
		return nil, done, nil
	}
	for _, header := range r.MultipartForm.File[name] {
		file, err := header.Open()
		if err != nil {
			done()
			return nil, nil, err
		}
		opened = append(opened, file)
		uploads = append(uploads, intake.Upload{Name: header.Filename, Content: file, Size: header.Size})
	}
	return uploads, done, nil
}

// once makes the same files from the same form count once, and other files from it another act: a
// person who goes back and chooses the right file this time is not told that it was sent before.
func once(ctx context.Context, key string, uploads []intake.Upload) (context.Context, error) {
	digest := sha256.New()
	fmt.Fprintln(digest, key)
	for _, upload := range uploads {
		fmt.Fprintln(digest, upload.Name, upload.Size)
		if _, err := io.Copy(digest, io.NewSectionReader(upload.Content, 0, upload.Size)); err != nil {
			return nil, fmt.Errorf("read upload: %w", err)
		}
	}
	sum := digest.Sum(nil)
	text := hex.EncodeToString(sum[:16])
	uuid := text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
	return postgres.WithSubmission(ctx, &postgres.Submission{Key: uuid, Content: sum}), nil
}

// template is the empty roll file.
func (p *Pages) template(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.Send(w, r, "text/csv; charset=utf-8", "roll-template.csv", rollfile.Template())
}

// example is a small file of marks in the plainest shape.
func (p *Pages) example(w http.ResponseWriter, r *http.Request) error {
	return p.Kit.SendCSV(w, r, "marks-example", [][]string{{"UPN", "Date", "AM", "PM"}, {"A123456789012", "16/11/2026", "/", `\`}, {"A123456789012", "17/11/2026", "I", "I"}})
}

// about says what to send under a kind.
func about(kind intake.Kind) string {
	switch kind {
	case intake.Return:
		return "Who is in care, since when, where they live and under which legal status. Send the tables as CSV, the Header always with them, or the one XML. It holds no names and no schools."
	case intake.Marks:
		return "Every session of every child, as schools’ registers have it. Send the CSV as the register system makes it: a row for each session or each day, a column for each day, or a string of marks from a start date. All of it goes in, or none."
	case intake.Collected:
		return "The same, as a service that asks schools collected it. Where the school’s own register says something else, the register stands."
	case intake.Census:
		return "How many sessions each pupil could attend in a term and missed under which code, as schools counted them. Send the tables of pupils and of session details together, named as they come, such as 2026_spring_pupilonroll.csv. They are compared with the marks and never become figures."
	case intake.RollFile:
		return "What the return does not hold: names, schools and who works with each child. Fill in the template; an empty cell changes nothing, so send only what is new."
	}
	return "Every school in England, from Get Information about Schools, and the links between a school and the ones before and after it. Send the CSV or the zip as downloaded."
}

func tag(state intake.State) ui.TagProps {
	props := ui.TagProps{Text: state.Name(), Kind: ui.Grey}
	switch {
	case state.Running():
		props.Kind = ui.Blue
	case state == intake.Previewed || state == intake.Asking:
		props.Kind = ui.Yellow
	case state == intake.Applied:
		props.Kind = ui.Green
	case state == intake.Failed:
		props.Kind = ui.Red
	}
	return props
}

// figures are an import's counts in short, once there are any.
func figures(i intake.Import) string {
	if i.State == intake.Previewed || i.State == intake.Applied || i.State == intake.Applying {
		return i.Counts().String()
	}
	return ""
}

func sent(i intake.Import) string { return calendar.Moment(i.UploadedAt) + ", " + i.UploadedBy }
