package money

import (
	"errors"
	"math/big"
)

// Split shares total in proportion to weights, one part for each, in order.
// Pennies that do not divide go one each to the first parts with any weight, so
// the parts always add up to total. It refuses a negative total, a negative
// weight and weights that are all zero.
func Split(total Pence, weights ...int64) ([]Pence, error) {
	if total < 0 {
		return nil, errors.New("a negative amount cannot be shared out")
	}
	whole := new(big.Int)
	for _, weight := range weights {
		if weight < 0 {
			return nil, errors.New("a share cannot be negative")
		}
		whole.Add(whole, big.NewInt(weight))
	}
	if whole.Sign() == 0 {
		return nil, errors.New("there is nobody to share the amount between")
	}
	parts := make([]Pence, len(weights))
	left := total
	for i, weight := range weights {
		part := new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weight))
		parts[i] = Pence(part.Quo(part, whole).Int64())
		left -= parts[i]
	}
	for i := range parts {
		if left > 0 && weights[i] > 0 {
			parts[i]++
			left--
		}
	}
	return parts, nil
}

// Portion is part of whole of p, to the nearest penny with halves rounded up:
// 40 days of a 70-day term of £550.00 is £314.29 (R35). It refuses a negative
// amount, and a part outside 0 to whole.
func Portion(p Pence, part, whole int64) (Pence, error) {
	if p < 0 || part < 0 || whole <= 0 || part > whole {
		return 0, errors.New("the part must be between nothing and the whole of a sum")
	}
	doubled := new(big.Int).Mul(big.NewInt(int64(p)), big.NewInt(part))
	doubled.Add(doubled.Lsh(doubled, 1), big.NewInt(whole))
	denominator := new(big.Int).Lsh(big.NewInt(whole), 1)
	return Pence(doubled.Quo(doubled, denominator).Int64()), nil
}
