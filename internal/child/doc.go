// Package child is the child in care at the centre of it all: identity, time
// in care, where they live and learn, and who works with them.
//
// Facts that change are half-open ranges of days, so the record can be read as
// at any day and nothing is overwritten: a new school ends the old roll on the
// day the new one starts, and with it, that very day, the old school's sight of
// the child. A child is in the cohort while a period of care contains the day;
// stays that are only short breaks (legal status V3, V4) are not periods of
// care here, since the care-plan content rules do not apply to them (Care
// Planning Regulations 2010 reg. 48).
//
// Which children a person sees at all is decided in the database (migration
// 000003); what they may do, in package access. A record without a name shows
// its 903 identifier.
package child
