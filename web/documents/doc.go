// Package documents sends the files that features keep beside their records, to those who may see the
// record. A file is always saved and never opened in the page.
package documents
