package money_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"virtualschool/internal/money"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]money.Pence{
		"0":                                 0,
		"0.00":                              0,
		"0.01":                              1,
		"12":                                1200,
		"12.50":                             1250,
		"1234":                              123400,
		"1,234":                             123400,
		"1,234.50":                          123450,
		"£1,234.50":                         123450,
		" £ 1234.05 ":                       123405,
		"007":                               700,
		"1.29":                              129,
		"4.35":                              435,
		"1,234,567.89":                      123456789,
		"10,000,000":                        money.Most,
		"£10,000,000.00":                    money.Most,
		"000000000000000000000000000000001": 100,
	} {
		if got, err := money.Parse(text); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                           money.ErrNothingEntered,
		"  ":                         money.ErrNothingEntered,
		"£":                          money.ErrNotAnAmount,
		"1e3":                        money.ErrNotAnAmount,
		"NaN":                        money.ErrNotAnAmount,
		"Inf":                        money.ErrNotAnAmount,
		"0x10":                       money.ErrNotAnAmount,
		"+5":                         money.ErrNotAnAmount,
		"--5":                        money.ErrNotAnAmount,
		"five":                       money.ErrNotAnAmount,
		"5p":                         money.ErrNotAnAmount,
		"$5":                         money.ErrNotAnAmount,
		".50":                        money.ErrNotAnAmount,
		"1 000":                      money.ErrNotAnAmount,
		"1,23":                       money.ErrNotAnAmount,
		"12,34.50":                   money.ErrNotAnAmount,
		"1234,567":                   money.ErrNotAnAmount,
		",123":                       money.ErrNotAnAmount,
		"1,234,":                     money.ErrNotAnAmount,
		"1.234,50":                   money.ErrNotAnAmount,
		"1.00.00":                    money.ErrNotAnAmount,
		"££5":                        money.ErrNotAnAmount,
		"١٢":                         money.ErrNotAnAmount,
		"-1":                         money.ErrNegative,
		"−1":                         money.ErrNegative,
		"£-1.50":                     money.ErrNegative,
		"-£1.50":                     money.ErrNegative,
		"12.5":                       money.ErrPartPence,
		"12.":                        money.ErrPartPence,
		"12.345":                     money.ErrPartPence,
		"£1.005":                     money.ErrPartPence,
		"10,000,000.01":              money.ErrTooMuch,
		"10000001":                   money.ErrTooMuch,
		"92233720368547758.08":       money.ErrTooMuch,
		strings.Repeat("9", 400):     money.ErrTooMuch,
		"18446744073709551616000.00": money.ErrTooMuch,
	} {
		if got, err := money.Parse(text); !errors.Is(err, want) || got != 0 {
			t.Errorf("Parse(%q) = %d, %v; want %v", text, got, err, want)
		}
	}
}

func TestWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p                    money.Pence
		full, plain, nearest string
	}{
		{0, "£0.00", "0.00", "£0"},
		{5, "£0.05", "0.05", "£0"},
		{-5, "-£0.05", "-0.05", "£0"},
		{50, "£0.50", "0.50", "£1"},
		{123450, "£1,234.50", "1234.50", "£1,235"},
		{123449, "£1,234.49", "1234.49", "£1,234"},
		{-123450, "-£1,234.50", "-1234.50", "-£1,235"},
		{99999, "£999.99", "999.99", "£1,000"},
		{money.Pounds(789_000), "£789,000.00", "789000.00", "£789,000"},
		{math.MinInt64, "-£92,233,720,368,547,758.08", "-92233720368547758.08", "-£92,233,720,368,547,758"},
	} {
		if c.p.String() != c.full || c.p.Plain() != c.plain || c.p.Short() != c.nearest {
			t.Errorf("%d: %q %q %q; want %q %q %q", int64(c.p), c.p.String(), c.p.Plain(), c.p.Short(), c.full, c.plain, c.nearest)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total   money.Pence
		weights []int64
		want    []money.Pence
	}{
		{100, []int64{1, 1, 1}, []money.Pence{34, 33, 33}},
		{2, []int64{1, 1, 1}, []money.Pence{1, 1, 0}},
		{100, []int64{0, 1, 1, 1}, []money.Pence{0, 34, 33, 33}},
		{100, []int64{1}, []money.Pence{100}},
		{0, []int64{3, 4}, []money.Pence{0, 0}},
		{55000, []int64{40, 30}, []money.Pence{31429, 23571}},
		{100, []int64{1, 1, 4}, []money.Pence{17, 17, 66}}, // 16.67, 16.67, 66.67: of equal remainders the earlier
		{10, []int64{1, 5, 1}, []money.Pence{2, 7, 1}},     // 1.43, 7.14, 1.43
		{1, []int64{1, 2}, []money.Pence{0, 1}},            // the larger remainder, though it comes later
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []money.Pence{math.MaxInt64/2 + 1, math.MaxInt64 / 2}},
	} {
		got, err := money.Split(c.total, c.weights...)
		if err != nil {
			t.Errorf("Split(%d, %v): %v", c.total, c.weights, err)
			continue
		}
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("Split(%d, %v) = %v; want %v", c.total, c.weights, got, c.want)
				break
			}
		}
	}
	for name, call := range map[string]func() ([]money.Pence, error){
		"nobody":     func() ([]money.Pence, error) { return money.Split(100) },
		"no weight":  func() ([]money.Pence, error) { return money.Split(100, 0, 0) },
		"negative":   func() ([]money.Pence, error) { return money.Split(-1, 1) },
		"bad weight": func() ([]money.Pence, error) { return money.Split(1, 2, -1) },
	} {
		if parts, err := call(); err == nil {
			t.Errorf("%s: shared out as %v", name, parts)
		}
	}
}

// Any sum, any weights: nothing is lost, nobody is a penny or more from the exact share, and those named
// for the remainder are those who were rounded up.
func TestSplitsAddUpAndAreFair(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 2026))
	for range 20_000 {
		total := money.Pence(random.Int64N(1_000_000_00))
		shares := make([]money.Share, 1+random.IntN(12))
		var whole int64
		for i := range shares {
			shares[i].Weight = random.Int64N(200)
			whole += shares[i].Weight
		}
		if whole == 0 {
			continue
		}
		if err := money.SplitNamed(total, shares); err != nil {
			t.Fatal(err)
		}
		var sum money.Pence
		for i, share := range shares {
			sum += share.Amount
			// Amount and exact share, both times whole, so that nothing is rounded here.
			off := int64(share.Amount)*whole - int64(total)*share.Weight
			if off >= whole || off <= -whole || share.Remainder != (off > 0) {
				t.Fatalf("%s by %+v: share %d", total, shares, i)
			}
		}
		if sum != total {
			t.Fatalf("%s by %+v comes to %s", total, shares, sum)
		}
	}
}

func TestPortion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p           money.Pence
		part, whole int64
		want        money.Pence
	}{
		{money.Pounds(550), 40, 70, 31429}, // R35: £550 × 40/70 = £314.29
		{1, 1, 2, 1},
		{1, 49, 100, 0},
		{100, 0, 70, 0},
		{100, 70, 70, 100},
		{money.Most, math.MaxInt64, math.MaxInt64, money.Most},
	} {
		if got, err := money.Portion(c.p, c.part, c.whole); err != nil || got != c.want {
			t.Errorf("Portion(%d, %d, %d) = %d, %v; want %d", c.p, c.part, c.whole, got, err, c.want)
		}
	}
	for _, c := range [][3]int64{{-1, 1, 2}, {1, -1, 2}, {1, 3, 2}, {1, 0, 0}} {
		if got, err := money.Portion(money.Pence(c[0]), c[1], c[2]); err == nil {
			t.Errorf("Portion%v = %d; want an error", c, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1,234.50", "£12", "1e3", "-1", "12.345", "NaN", "£1.005", "", "9999999999999", "0,0", "1\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := money.Parse(text)
		if err != nil {
			if p != 0 {
				t.Fatalf("%q was refused and still gave %d", text, p)
			}
			return
		}
		if p < 0 || p > money.Most {
			t.Fatalf("%q gave %d, out of range", text, p)
		}
		for _, written := range []string{p.String(), p.Plain()} {
			if again, err := money.Parse(written); err != nil || again != p {
				t.Fatalf("%q gave %d, written %q, read back as %d, %v", text, p, written, again, err)
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Add(int64(100), int64(1), int64(1), int64(1))
	f.Add(int64(math.MaxInt64), int64(math.MaxInt64), int64(0), int64(7))
	f.Fuzz(func(t *testing.T, total, a, b, c int64) {
		weights := []int64{a, b, c}
		parts, err := money.Split(money.Pence(total), weights...)
		if bad := total < 0 || a < 0 || b < 0 || c < 0 || (a == 0 && b == 0 && c == 0); bad != (err != nil) {
			t.Fatalf("Split(%d, %v): %v", total, weights, err)
		}
		if err != nil {
			return
		}
		left := money.Pence(total)
		for i, p := range parts {
			if p < 0 || (weights[i] == 0 && p != 0) {
				t.Fatalf("Split(%d, %v) = %v", total, weights, parts)
			}
			left -= p
		}
		if left != 0 {
			t.Fatalf("Split(%d, %v) = %v loses %d", total, weights, parts, left)
		}
	})
}
