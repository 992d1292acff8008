// Package account is the people who sign in: head, deputies, advisors, data
// officers, social workers, reviewing officers, people at schools, and colleagues
// who were asked to write one section of a plan (Colleague). An
// account is invited, then active, then ended, and is never deleted, because
// what its person did stays on record. It holds a role (package access says
// what that allows); which children the person may see follows from relations
// kept elsewhere, day by day.
//
// Signing in is slow for guessers and the same for known and unknown names.
// Invitations and password resets are links that work once. Sessions live in
// the database, so ending an account or all its sessions works on the next
// request. Single sign-on and second factors get their own tables beside this.
package account
