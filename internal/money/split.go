package money

import (
	"errors"
	"math/big"
	"slices"
)

// Split shares total in proportion to weights, one part for each, in order. Each part is the exact
// share rounded down, and the pennies that are left go one each to the parts that lost most by that
// (the largest remainder); of equal ones to the earlier. So the parts always add up to total and none is
// a penny or more from its exact share. It refuses a negative total, a negative weight and weights that
// are all zero.
func Split(total Pence, weights ...int64) ([]Pence, error) {
	shares := make([]Share, len(weights))
	for i, weight := range weights {
		shares[i].Weight = weight
	}
	err := SplitNamed(total, shares)
	if err != nil {
		return nil, err
	}
	parts := make([]Pence, len(weights))
	for i, share := range shares {
		parts[i] = share.Amount
	}
	return parts, nil
}

// Share is one who takes part in a split.
type Share struct {
	Name   string
	Weight int64
	Amount Pence // by SplitNamed
	// Remainder says that the amount was rounded up: this one has a penny of what did not divide.
	Remainder bool
}

// SplitNamed shares total out as Split does, and says who was given the pennies that did not divide, so
// that each can be accounted for by name. Of equal remainders the earlier name in the list takes it.
func SplitNamed(total Pence, shares []Share) error {
	if total < 0 {
		return errors.New("a negative amount cannot be shared out")
	}
	whole := new(big.Int)
	for _, share := range shares {
		if share.Weight < 0 {
			return errors.New("a share cannot be negative")
		}
		whole.Add(whole, big.NewInt(share.Weight))
	}
	if whole.Sign() == 0 {
		return errors.New("there is nobody to share the amount between")
	}
	lost := make([]*big.Int, len(shares)) // what rounding down took from each, in parts of whole
	order := make([]int, len(shares))
	left := total
	for i := range shares {
		part, remainder := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(shares[i].Weight)), whole, new(big.Int))
		shares[i].Amount, shares[i].Remainder = Pence(part.Int64()), false
		lost[i], order[i] = remainder, i
		left -= shares[i].Amount
	}
	slices.SortStableFunc(order, func(a, b int) int { return lost[b].Cmp(lost[a]) })
	for _, i := range order[:left] {
		shares[i].Amount++
		shares[i].Remainder = true
	}
	return nil
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
