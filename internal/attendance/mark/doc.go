// Package mark knows the national attendance codes: what may stand in a register
// for one child, morning or afternoon, and how each is counted. A code's meaning
// depends on its day: the set changed on 19 August 2024, and X meant something
// else in the pandemic. So the raw code is what is stored, and its class is read
// from the dated table (codes.csv) whenever figures are made (R17).
//
// No mark is not absence: a blank, or a dash where a register expects a mark, is
// data that is missing, and is counted as nothing else (R24). Sources: School
// Attendance (Pupil Registration) (England) Regulations 2024, regulation 10;
// Working together to improve school attendance, August 2024; the classes as the
// department's own attendance statistics count them.
package mark
