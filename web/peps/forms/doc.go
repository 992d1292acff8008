// Package forms is the forms for plans, to be looked at before anybody fills one in: which there are
// and whom each is for, what a form asks as it will look, and a blank one to be filled in with a pen.
package forms
