// Package webtest is a whole server on a database of its own, for tests of
// pages: people sign in, pages are read by CSS selector, forms are filled in
// the way a browser sends them. Facts that no page makes (a child on roll, a
// restriction) are arranged straight in the database.
package webtest
