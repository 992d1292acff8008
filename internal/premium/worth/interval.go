package worth

import "math"

// z is the point of the normal distribution outside which one in twenty falls.
const z = 1.959963984540054

// Wilson is the range in which the true share lies with 95% confidence when k of n were counted: the
// score interval of E. B. Wilson (Journal of the American Statistical Association 22, 1927), which holds
// for few and for none or all of them, where the usual one does not. Of none counted nothing is known:
// from 0 to 1.
func Wilson(k, n int) (low, high float64) {
	if n <= 0 {
		return 0, 1
	}
	share, size := float64(k)/float64(n), float64(n)
	middle := (share + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(share*(1-share)/size+z*z/(4*size*size))
	low, high = max(middle-half, 0), min(middle+half, 1)
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
