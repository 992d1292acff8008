// Package ssda903 reads the SSDA903, the yearly return on children looked after
// that every English authority makes to the Department for Education and can
// extract on any day. It is the one national standard that says who is in care.
//
// The return comes as one CSV file for each table or as one XML document. It
// holds no names and no schools: a child is a local identifier, and the column
// called URN is the Ofsted number of a placement. Care is told as episodes, each
// with one legal status and one placement; an episode that ends with X1 is
// followed by another on the same day, and only another code ends the time in
// care. Timelines turns those episodes into what a virtual school needs: care
// periods (short breaks, V3 and V4, marked as outside the cohort), legal
// statuses, placements and categories of need, each a run of half-open days.
//
// Read never writes anything. It gives every child of the Header with what could
// be read, a list of problems with the file's own lines and columns, and for
// each child how far the file can be relied on. A table this program has no use
// for, or no right to, is recognised and set aside in words; of the tables it
// reads, it drops at the door what it does not need: whether a girl is a mother,
// convictions, substance misuse, health checks, home addresses.
package ssda903
