// Package children is the pages about a child as a whole: the list and its
// search, the one page that answers "how is this child doing at school and
// what is next", and the forms that correct who the child is, change their
// school and say who works with them. PEPs, premium, attendance and
// suspensions have folders of their own.
package children
