// Package accounts is the pages for those who look after who may sign in: the
// list of accounts, inviting people, the schools they belong to, new roles and
// the end of an account; and for everyone the table of what each role may do.
package accounts
