// Package voice is what children ask for and what comes of it.
//
// A wish is one thing a child asked for, in the child's own words, said on a day, in a plan or
// between plans. It stays open until somebody answers it in plain words: it is done, it will happen
// by a day, or it cannot be, and why ("You said, we did"). A promise may be answered again, when it is
// kept. The day on which the child was told is part of it. A wish is never changed and never removed;
// it is withdrawn only because the child no longer wants it, with a note of how that is known. How
// long children wait for an answer is counted in working days against the council's own number
// (voice.answer_working_days).
//
// A young person can also speak without an adult writing: staff give a link that works once, for one
// open plan, and the page behind it asks in words of a chosen reading level, without an account and
// without showing anything of the record. Only the link's hash is kept, and a link that is used, too
// old, taken back or made up is answered alike (NotFound).
//
// The young person says who may see it: everyone at the meeting, or only their social worker and the
// Virtual School. That holds in the database, by a policy on the role, so that no page can forget it;
// words kept to few are left out of the audit as well, which others read.
//
// RecordIn, AnswerIn, TellIn and WithdrawIn do in a transaction of the caller's what the methods of
// Service do in one of their own.
package voice
