package peps

import "strconv"

func number(n int64) string { return strconv.FormatInt(n, 10) }

// rowKey makes each of several forms on a page count by itself: the page's key with the row in its
// last digits.
func rowKey(key string, row int) string {
	last := strconv.FormatInt(int64(row), 16)
	return key[:len(key)-len(last)] + last
}
