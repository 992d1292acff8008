package pdf

import (
	"context"

	"virtualschool/internal/fault"
)

// Printer makes PDFs of documents.
type Printer interface {
	// Available says whether documents can be printed here at all: for pages, before they offer it.
	Available() bool
	// Print makes one file of a document. Its faults are of KindUnavailable, with words that say what
	// to do: no Chromium here, too many prints at once, too long, or a browser that broke down.
	Print(ctx context.Context, document Document) ([]byte, error)
}

// None is where no Chromium is.
var None Printer = none{}

type none struct{}

func (none) Available() bool { return false }

func (none) Print(context.Context, Document) ([]byte, error) {
	return nil, fault.New(fault.KindUnavailable, "This server cannot make PDF files. Open the page for printing and print it from your browser: it can save a PDF too.")
}
