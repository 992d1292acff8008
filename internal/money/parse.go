package money

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// The ways text can fail to be an amount. The words are for the person typing.
var (
	ErrNothingEntered = errors.New("Enter an amount in pounds and pence, like 250.00")
	ErrNotAnAmount    = errors.New("Amount must be in pounds and pence, like 250.00")
	ErrNegative       = errors.New("Amount must not be negative")
	ErrPartPence      = errors.New("Amount must have two numbers for the pence, like 250.50, or none")
	ErrTooMuch        = errors.New("Amount must be £10,000,000 or less")
)

var (
	amount     = regexp.MustCompile(`^(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]{2}))?$`)
	partPence  = regexp.MustCompile(`^(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)\.[0-9]*$`)
	mostDigits = len("1000000000")
)

// Parse reads an amount as typed: "1234", "1,234.50", "£1,234.50". Spaces
// around it and after the pound sign are ignored. It is exact or it refuses:
// one figure or three after the point, a misplaced comma, a minus sign,
// exponents and words are errors, whose text may be shown beside the box. Zero
// is accepted; whether it makes sense is the caller's rule.
func Parse(text string) (Pence, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, ErrNothingEntered
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "£"))
	if rest, minus := strings.CutPrefix(strings.Replace(text, "−", "-", 1), "-"); minus {
		if amount.MatchString(strings.TrimPrefix(strings.TrimSpace(rest), "£")) {
			return 0, ErrNegative
		}
		return 0, ErrNotAnAmount
	}
	match := amount.FindStringSubmatch(text)
	if match == nil {
		if partPence.MatchString(text) {
			return 0, ErrPartPence
		}
		return 0, ErrNotAnAmount
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(text, ",", ""), ".", "")
	if match[1] == "" {
		digits += "00"
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) > mostDigits {
		return 0, ErrTooMuch
	}
	if digits == "" {
		return 0, nil
	}
	pence, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || Pence(pence) > Most {
		return 0, ErrTooMuch
	}
	return Pence(pence), nil
}
