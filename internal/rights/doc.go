// Package rights is what people may ask of the record that is kept about a child (UK GDPR, Data Protection
// Act 2018): to see it, and how long that may take.
//
// A request to see the record is answered within a month (R51). Somebody goes through every text that was
// typed, chapter by chapter, and leaves out what is about other people, would do serious harm, or the law
// keeps back; words that were marked when they were written are left out unless that reader decides
// otherwise. Then the copy is made, as a PDF for reading and as JSON, with the files that go with it, and
// stays as it was made. Somebody else looks at it and releases it: never who prepared it, which the
// database holds too. A person hands it over; nothing is mailed.
package rights
