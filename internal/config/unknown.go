package config

import (
	"fmt"
	"sort"
	"strings"
)

// unknown reports the names that begin as ours do and are none of ours.
func unknown(environ []string) (problems Problems) {
	known := map[string]bool{}
	for _, s := range settings {
		known[s.Name] = true
	}
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "VS_") || known[name] || elsewhere[name] {
			continue
		}
		problems = append(problems, Problem{name, fmt.Sprintf("is not a setting; did you mean %s?", nearest(name))})
	}
	sort.Slice(problems, func(i, j int) bool { return problems[i].Name < problems[j].Name })
	return problems
}

// nearest is the setting whose name takes the fewest changes to reach.
func nearest(name string) string {
	best, fewest := "", 1<<30
	for _, s := range settings {
		if n := changes(name, s.Name); n < fewest {
			best, fewest = s.Name, n
		}
	}
	return best
}

// changes counts the letters to add, drop or replace to make one word of the
// other (Levenshtein).
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		corner := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			corner, row[j] = row[j], min(row[j]+1, row[j-1]+1, corner+cost)
		}
	}
	return row[len(b)]
}
