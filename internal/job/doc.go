// Package job does work that nobody waits for: sending mail, sealing the audit,
// reading a large file, clearing out what has expired.
//
// A job is put in the queue in the transaction that gives rise to it (Enqueue),
// so that both happen or neither does, and is done a moment later by a Queue,
// again after a while if it failed. What a job is about is kept in the database
// and so are its arguments, which therefore hold numbers of records and no
// names, addresses or tokens: whoever does the job looks those up, as they are
// then. Other packages Register what they do and say what to do Every so often.
//
// Mail goes to a person by account number (Notify) and holds no word about any
// child: only that there is something to do, and a link to sign in to.
package job
