// Package calendar is about days. A Date is a day on the wall calendar with no
// zone and no clock, so it cannot slip across midnight; moments become days
// only through Of, which asks what day it is in London.
//
// Four kinds of year run at once: academic (September to August), financial
// and children-looked-after return (April to March), and the child's own age.
// Three kinds of counting run at once and are never interchangeable: WorkingDays
// for care planning and personal education plans, SchoolDays for suspensions and
// attendance, and Weeks for education, health and care plans. In all three the
// day of the event is day 0.
package calendar
