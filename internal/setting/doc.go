// Package setting is where children learn and the calendar they learn by.
//
// A setting is any place of learning: a school of the national register (Get
// Information about Schools, known by its URN) or a place the register does not
// hold, such as a tutor, a training provider or a school in Wales, which the team
// enters itself. A register's setting is never edited here and never removed:
// the next register file would undo the one, and a child's history forbids the
// other. Predecessors and successors are as the register gives them; a school
// that closes may have several successors, so no child is moved without a person.
//
// A Calendar is what deadlines are counted in: bank holidays for working days,
// terms and closed days for school days, and the last day of each term for a PEP
// review. Terms belong to an authority; a setting that keeps its own dates has
// them instead, term by term. Pages queue one with QueueCalendar, services load
// one with LoadCalendar, and tests of rules make one with NewCalendar.
package setting
