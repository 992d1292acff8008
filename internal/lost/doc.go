// Package lost counts the days of education that children in care lost, in half-day
// sessions, by what took them: no school place, a suspension, a reduced timetable,
// an absence nobody explained, and alternative provision that was found wanting.
//
// Nothing is stored and nothing typed: the count is made when it is read, from
// rolls, suspensions, timetables, provision and the register's marks, so it is as
// true as they are and is mended where they are. One session is lost once. The
// register speaks first: a child who was marked in school lost nothing then. Of the
// causes that could have taken a session the first in the order above has it.
//
// Hours a week, of a reduced timetable or of provision, are turned into sessions of
// a week of ten: where the register does not say which sessions they were, the
// afternoons first. Such sessions are counted as estimated.
package lost
