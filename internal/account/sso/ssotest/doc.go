// Package ssotest is a provider of OpenID Connect for tests: a real HTTP server
// that checks what it is asked as strictly as the standard says (client, exact
// redirect, PKCE, codes that work once) and signs people in without asking. A
// test can have it answer wrongly in every way that a broken or hostile
// provider, or somebody between, might.
package ssotest
