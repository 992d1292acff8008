package worth

// Least is how many children a figure is shown from: of fewer, somebody could tell who they are.
const Least = 5

// Suppress says which of several groups must not be shown beside their total, by how many children
// each has: those with fewer than Least, and where what the total leaves for them is of one group or of
// fewer than Least children, the smallest of the others too, until it is not. Groups of nobody are
// shown: there is nobody to tell. Last, it says whether the total itself must be left out: when it is of
// fewer than Least, or when no group is left to stand beside those that are hidden.
func Suppress(children []int) (hidden []bool, total bool) {
	hidden = make([]bool, len(children))
	count, sum, all := 0, 0, 0
	for n, c := range children {
		all += c
		if small(c) {
			hidden[n] = true
			count++
			sum += c
		}
	}
	for count > 0 && (count == 1 || sum < Least) {
		next := -1
		for n, c := range children {
			if !hidden[n] && c > 0 && (next < 0 || c < children[next]) {
				next = n
			}
		}
		if next < 0 {
			return hidden, true
		}
		hidden[next] = true
		count++
		sum += children[next]
	}
	return hidden, small(all)
}

// HideSmall hides the figures that must not be shown, and the total where it must not; and how targets
// went where those reviewed are of too few children. The total's own children are counted: a child may
// be in two groups.
func HideSmall(figures []Figure, total *Figure) {
	children, judged := make([]int, len(figures)), make([]int, len(figures))
	for n, figure := range figures {
		children[n], judged[n] = figure.Children, figure.JudgedChildren
	}
	hidden, all := Suppress(children)
	unsaid, allUnsaid := Suppress(judged)
	for n := range figures {
		figures[n].Hidden = hidden[n]
		figures[n].Unsaid = hidden[n] || unsaid[n]
	}
	total.Hidden = all || small(total.Children)
	total.Unsaid = total.Hidden || allUnsaid || small(total.JudgedChildren)
}

func small(children int) bool { return children > 0 && children < Least }
