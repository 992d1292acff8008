// Package document keeps files beside the record they belong to: a quotation with a request for money,
// an invoice with a payment, a letter with a suspension. A document is in the database, behind the wall
// around its child; it is never changed, and its kind is told by what is in it, not by its name.
//
// Pictures are drawn anew, so that nothing hidden in their files is kept (where a picture was taken), and
// Office files are looked into. Only kinds that a reader needs are taken (Kinds), up to MostBytes. Who may add one, and see one, is
// for the feature whose subject it has.
package document
