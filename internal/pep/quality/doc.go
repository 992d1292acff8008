// Package quality is the quality assurance of Personal Education Plans: how good a plan is, who says
// so, and what follows from it.
//
// What a good plan is, a rubric says. Rubrics are data (builtin/*.yaml, or a council's own): a scale
// of grades from best to worst, criteria, and an overall rule that pulls a plan's grade down from the
// best (R12). Such a rule only ever counts what is at a grade or worse, so a worse mark can never
// make a better plan. Some criteria name a rule: facts of the plan mark them (Finding), with the
// reason; a person may overrule a fact with a note. The rest a person judges beside the plan.
//
// An educator of the Virtual School grades a submitted plan, never one they submitted themselves.
// A grade that returns the plan blocks its sign-off and sends it back with the reasons; a grade that
// is accepted with notes leaves follow-ups, which stand in the child's next plans until somebody
// says how they were dealt with. Grading and what follows from it are one transaction.
//
// Which plans must be graded is not chosen by anybody: new authors, plans that follow a red one, the
// first of a school in a term and a share of all others are sampled (Sample), told from the plan
// itself. A share of the plans graded and signed off is marked a second time by another educator,
// blind: the database shows an educator no first grade while the second is waited for. Where the two
// differ, a leader records what was agreed. How well markers agree is reported as a percentage and
// as Cohen's kappa (Agreement), and how long plans wait as medians (Turnaround).
package quality
