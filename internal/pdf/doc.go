// Package pdf turns a document of our own into a tagged PDF: one that a screen reader reads in order,
// with headings, tables and lists, a language, a title and an outline.
//
// The printing is done by Chromium, which makes the same pages as the browser that shows them. It is
// a program beside ours that holds children's records for a second, so it is kept on a short lead: a
// profile of its own that goes with it, no network at all, no scripts, few documents at once, a limit
// of time for each, and an end after a while without work. Where no Chromium is installed there are no
// PDFs, and pages say how to print from one's own browser instead.
//
// Document is the one place where styles and markup are put together by hand. What it is given was
// rendered by templates, which escape; everything else it escapes itself.
package pdf
