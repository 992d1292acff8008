// Package sso signs people in where their organisation does: Microsoft Entra,
// Google Workspace or any other provider of OpenID Connect, found by discovery
// from its issuer's address (OpenID Connect Core and Discovery 1.0, with PKCE,
// RFC 7636, and the issuer in the answer, RFC 9207).
//
// A council lists its providers in a file (see Load). Begin gives the address to
// send a browser to and the Trip to keep with that browser's session; Finish
// takes the browser's answer, fetches the token and says who came: an Identity.
// What the identity is called there, issuer and subject, is all that an account
// is ever found by. An email address in a token proves nothing here, because the
// same address can be given to somebody else tomorrow.
//
// The program calls nobody but the hosts in that file, follows no redirect,
// and waits and reads only so long. Nothing of a token is logged or kept.
package sso
