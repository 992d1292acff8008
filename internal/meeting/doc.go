// Package meeting is the PEP meeting as one act: the people round a table look at one screen, and what
// they decide is written down once.
//
// Minutes is what the screen holds: the child's own words and wishes, how the last targets went, new
// targets, actions, money, who came and when they meet next. Save writes all of it in one transaction
// through the features it belongs to (packages pep, pep/voice and premium), each by its own rules, or
// none of it. A decision becomes what it means: a target that is carried forward stands among the new
// ones, and a line of money is a target (or serves one), an action, and a request for Pupil Premium
// Plus.
//
// What was agreed is one page afterwards. Send tells those around the child that it is there, by mail
// with a link and no word about the child, each of them once for what was agreed.
package meeting
