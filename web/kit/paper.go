package kit

import (
	"bytes"
	"context"
	"net/http"

	"github.com/a-h/templ"

	"virtualschool/internal/pdf"
	"virtualschool/web/assets"
)

// Sheet is what goes on paper together: one plan, one form. It begins on a new page.
type Sheet struct {
	Foot    string // small print on each of its pages; a name may stand there, as it may on the paper
	Content templ.Component
}

// Document is sheets ready to be printed, with the very markup and styles of the pages that show
// them. The title is shown by whatever opens the file, so it never names a child.
func (s Site) Document(ctx context.Context, title string, sheets ...Sheet) (pdf.Document, error) {
	document := pdf.Document{Title: title + " – " + s.Authority, Language: "en-GB", Class: "govuk-template__body vs-page--print",
		Styles: assets.Sheet("app.css") + assets.ThemeSheet(s.Colour)}
	head := ""
	if s.Demo {
		head = "Demonstration: every person here is invented"
	}
	for _, sheet := range sheets {
		var body bytes.Buffer
		if err := sheet.Content.Render(ctx, &body); err != nil {
			return pdf.Document{}, err
		}
		document.Parts = append(document.Parts, pdf.Part{Head: head, Foot: sheet.Foot, Body: body.Bytes()})
	}
	return document, nil
}

// OfferPDF is the address of a PDF, empty where none are made.
func (k *Kit) OfferPDF(path string) string {
	if !k.PDF.Available() {
		return ""
	}
	return path
}

// SendPDF prints sheets and sends them as a file to keep. Where no PDFs are made it leads to the page
// at instead, which can be printed from the browser. The file's name never names a child either.
func (k *Kit) SendPDF(w http.ResponseWriter, r *http.Request, instead, title, fileName string, sheets ...Sheet) error {
	if !k.PDF.Available() {
		k.Tell(r.Context(), "This server cannot make PDF files. This page can be printed, or saved as a PDF, from your browser.")
		http.Redirect(w, r, instead, http.StatusSeeOther)
		return nil
	}
	document, err := k.Site.Document(r.Context(), title, sheets...)
	if err != nil {
		return err
	}
	file, err := k.PDF.Print(r.Context(), document)
	if err != nil {
		return err
	}
	return k.Send(w, r, "application/pdf", fileName, file)
}
