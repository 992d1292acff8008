package pep

// Copied says whether the next edition of a plan begins with the rows of a table.
func Copied(table string) bool { return copied[table] != "" }
