// Package printing prints many plans in one go: an advisor's caseload for the week's meetings, a
// school's plans for the governors.
//
// A person asks for a run; the plans are fixed then. The queue makes files of up to twenty plans, one
// job for each file, acting as the person who asked: only what they may see then goes on paper, and a
// person whose account has ended or whose role has changed gets nothing. A file can be fetched by that
// person alone, and only while every child in it is still theirs to see; the database holds both, by
// policies on the tables. Each child in a file is written down as looked at, when it is made and when it
// is fetched.
//
// A person has one run under way at a time, so that asking twice makes one. A run is forgotten after a
// day, or sooner when its person deletes it.
package printing
