// Package provision keeps alternative provision: education that a school or the
// council arranges elsewhere than at the school, where it takes place, for how
// many hours a week, and who went to see whether it is safe and good enough.
//
// Whoever arranges it answers for its quality (Arranging alternative provision,
// statutory guidance): it is visited before it begins and every half term, and a
// place that gives full-time education to a child in care must be registered as a
// school. What is not so is recorded all the same and shown as a fault.
package provision
