// Package change says when a child's attendance has changed, by the child's own
// measure. Attendance goes up and down from week to week; asking about every bad
// week wears people out, and waiting for a tenth of the year to be missed is late.
//
// The rule is a control chart of single values (XmR). The share of sessions
// attended in the child's first weeks, at least six of them and at most twelve,
// makes a mean; how far those weeks lie from one to the next makes what is usual
// between them, and 2.66 times that, below the mean, is the lower limit: a week under
// it is hardly chance, unless only one session was missed, as happens after weeks
// without any. The other signal is eight weeks in a row under the mean. A
// signal is a reason to ask, never a judgement; it comes with its numbers in words.
// The limits stand: they are not drawn anew from the weeks that are to be judged.
// Source: D. J. Wheeler, Understanding Variation (1993): limits at the mean and
// 2.66 mean moving ranges, and a run of eight on one side.
package change
