// Package migrations holds the database's whole history as numbered SQL files,
// embedded so that the one binary can bring any database up to date. Numbers
// run without gaps and every step up has its step down. Tables that say
// anything of a child are closed by protect_child_rows (000001), which is the
// wall described there.
package migrations

import "embed"

// FS holds every migration file, at its root.
//
//go:embed *.sql
var FS embed.FS
