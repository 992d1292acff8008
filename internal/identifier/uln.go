package identifier

import "errors"

// ULN is a unique learner number: ten digits, used by colleges and further
// education from about Year 9.
type ULN string

// ParseULN reads a unique learner number and checks its last digit. The error's
// text may be shown.
func ParseULN(text string) (ULN, error) {
	uln := tidy(text)
	switch {
	case uln == "":
		return "", errors.New("Enter a unique learner number, like 1000000019")
	case damaged(uln):
		return "", errors.New(spreadsheetWords)
	case len(uln) != 10 || !digits(uln):
		return "", errors.New("A unique learner number has 10 numbers")
	case uln[0] == '0':
		return "", errors.New("A unique learner number does not start with 0")
	case uln == "9999999999":
		return "", errors.New("9999999999 stands for a number that is not known: leave it empty")
	case !ulnChecks(uln):
		return "", errors.New("The last number does not fit the others, so one is probably mistyped")
	}
	return ULN(uln), nil
}

// ulnChecks weighs the first nine digits 10 down to 2; the last digit is 10
// less the remainder by 11, and a remainder of 0 is never issued.
func ulnChecks(uln string) bool {
	sum := 0
	for i := range 9 {
		sum += int(uln[i]-'0') * (10 - i)
	}
	remainder := sum % 11
	return remainder != 0 && int(uln[9]-'0') == 10-remainder
}
