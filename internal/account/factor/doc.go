// Package factor is the second factors of accounts: passkeys, an authenticator app,
// and recovery codes for the day both are lost. Which roles need one, and which a
// passkey, are dated rules of package policy; Next says what a person who has passed
// the first factor still has to do.
//
// A code counts once: the last step of an app's codes is kept, and a recovery code
// is crossed out. A passkey whose counter went back has been copied and is refused.
// Secrets are sealed with a key from the data folder, so that the database alone lets
// nobody in. Each addition, removal and use of a recovery code is audited and told to
// the person by mail.
package factor
