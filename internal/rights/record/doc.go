// Package record is everything that is held about one child, in plain words and in the order of a life:
// for the person it is about, who may ask to see it (UK GDPR art. 15).
//
// One table of parts says for every table with a child in it how its rows are read, column by column. A
// test walks the database's catalogue: a table, or a column of one, that is neither read here nor named
// with a reason for leaving it out fails it. So what is added to the record is added to what people are
// shown of it, or somebody writes down why not.
//
// Text that somebody typed is a passage with a key of its own. Passages are what a reader goes through
// before the record is shared; what is said of other people in them can be left out (Redact). Words
// between double square brackets were marked when they were written: Segments splits a text at them.
package record
