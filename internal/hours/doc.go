// Package hours is time a week at school or at other provision. It is counted in
// minutes, so that quarters of an hour are exact, and typed and shown in hours
// with decimals, as timetables have it: 12.5 hours of 25.
package hours
