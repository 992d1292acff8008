// Package premium is the pages of Pupil Premium Plus: what was asked and given
// for a child, asking and changing a request, and the financial year with its
// ledger; how requests are decided is in the folder deciding. Pages that name a
// child are under /children/{childID} and so behind the gate. Social workers and
// reviewing officers have no part in the money and are refused.
package premium
