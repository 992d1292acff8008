// Package breakglass is the pages on which somebody of the team opens a
// restricted record for an hour, and the head looks into it afterwards.
package breakglass
