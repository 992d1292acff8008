package caseload

import (
	"strconv"

	"virtualschool/internal/pep"
)

// number is an id or count as it stands in an address, a form or a sentence.
func number[N int | int64](n N) string { return strconv.FormatInt(int64(n), 10) }

func yearOf(share pep.Share) int64 {
	year, _ := strconv.ParseInt(share.Key, 10, 64)
	return year
}
