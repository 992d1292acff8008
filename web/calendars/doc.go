// Package calendars is the page on which a council says which days count: the terms of the authority
// and of settings that keep their own, the last day of each term for PEP reviews, days on which a
// place is closed, and the bank holidays. Terms and bank holidays can be taken from files: term dates
// are shown line by line with what is wrong before anything is stored.
package calendars
