// Package signin is the pages on the way in and out: sign in, sign out, choose a
// new password, open an account one was invited to; and a person's own account.
// They say the same, and take as long, for accounts that exist and that do not.
package signin
