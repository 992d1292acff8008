// Package table reads the delimited text files that other systems send: the
// schools register, statutory returns, spreadsheets saved as CSV.
//
// Such files lie about themselves. One file name comes in three encodings, the
// separator depends on the country a spreadsheet was set up for, a download may
// be zipped with rubbish beside it, and rows lose or gain cells. This package
// looks at the bytes instead of trusting the name, and hands out rows one at a
// time with the line number an editor shows, so that a person can find the
// fault in the file they have. What is wrong is said in words, as a Problem;
// what makes the whole file unusable is a FileError.
//
// Open looks into an upload (zip, gzip or plain) and finds the files in it.
// File.Rows then streams one file: nothing but the current row is held, however
// long the file is. Nothing here knows what the columns mean: the packages
// beside it (gias, ssda903, rollfile) do.
package table
