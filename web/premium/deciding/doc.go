// Package deciding is the pages of those who decide about Pupil Premium Plus: the queue of requests
// that wait, the page on which one is decided and which leads to the next, many approved at once,
// panels, limits of a person's own, and who stands in for a decider who is away. A page that names a
// child is under /children/{childID} and so behind the gate; the queue writes its own looks.
package deciding
