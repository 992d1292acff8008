// Package config reads the settings of a running server from its environment
// into one struct. Everything about how the program runs is here; how a council
// works (cut-offs, amounts, thresholds) is not a setting but dated data, see
// package policy.
//
// Every problem is reported at once, each with what to do, because someone who
// sets a server up should not learn of five mistakes in five starts. A setting
// that is misspelt is a mistake too: a name that begins with VS_ and is not
// known is refused. Secrets are never repeated in a message.
package config
