// Package scheme is a council's paying policy for Pupil Premium Plus, as data: files of YAML
// (builtin/*.yaml), versioned, to which a council adds its own. A scheme says whether money is asked
// for request by request or released as a sum for each child and term; what a request must hold and
// which are approved by rule; when the school is paid and by when evidence is due; for whom a release
// is withheld; and what is never paid for, with why.
//
// Which scheme holds on a day is the dated local value premium.scheme. Everything here is pure:
// reading and checking the files, saying a scheme in words, and finding words that are not funded.
package scheme
