package money

import (
	"strconv"
	"strings"
)

// Pence is an amount of money. It is stored as bigint. Ledgers hold only
// positive amounts; a balance may be negative.
type Pence int64

// Most is the largest amount Parse accepts, £10 million: more than a slip of
// the finger should be able to enter.
const Most Pence = 10_000_000_00

// Pounds is n whole pounds.
func Pounds(n int64) Pence { return Pence(n * 100) }

// String is "£1,234.50", or "-£1,234.50" for a negative balance.
func (p Pence) String() string {
	pounds, pence := p.parts()
	return p.sign() + "£" + grouped(pounds) + "." + pence
}

// Plain is "1234.50", for the value of an input box and for export.
func (p Pence) Plain() string {
	pounds, pence := p.parts()
	return p.sign() + strconv.FormatUint(pounds, 10) + "." + pence
}

// Short is the nearest whole pound, "£1,235", for charts and headline figures.
// Use String wherever someone may act on the sum.
func (p Pence) Short() string {
	nearest := (p.size() + 50) / 100
	if nearest == 0 {
		return "£0"
	}
	return p.sign() + "£" + grouped(nearest)
}

func (p Pence) sign() string {
	if p < 0 {
		return "-"
	}
	return ""
}

// size is the amount without its sign; unsigned, so the lowest int64 fits.
func (p Pence) size() uint64 {
	if p < 0 {
		return -uint64(p)
	}
	return uint64(p)
}

func (p Pence) parts() (pounds uint64, pence string) {
	size := p.size()
	pence = strconv.FormatUint(size%100, 10)
	if len(pence) == 1 {
		pence = "0" + pence
	}
	return size / 100, pence
}

// grouped writes 1234567 as 1,234,567.
func grouped(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
