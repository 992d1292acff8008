package forecast

import (
	"testing"

	"virtualschool/internal/money"
)

func TestTheScaleEndsRound(t *testing.T) {
	t.Parallel()
	for pounds, want := range map[int64]float64{0: 4, 3_999: 4, 23_598: 24, 98_000: 100, 99_000: 120, 523_107: 560, 1_200_000: 1_600} {
		if got := roof(money.Pounds(pounds)); got != want {
			t.Errorf("%d: %v; want %v", pounds, got, want)
		}
	}
}
