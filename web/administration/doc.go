// Package administration is the page that leads to what keeps the service itself
// going: who may sign in, the council's rules and calendars, files that bring
// records in, and the forms in use. The pages themselves are in folders of their own.
package administration
