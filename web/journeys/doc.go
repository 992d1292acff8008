// Package journeys walks through the whole in a real browser, as the people who
// use it: an education advisor logs a review, a deputy decides on money, a
// social worker reads before a visit. The tests are its only code.
//
// A visitor's steps read as one would tell them ("opens", "types", "presses").
// A field is found by the label a person reads and a button is pressed where it
// is seen, so what a person cannot find or reach fails. Every page that comes up
// on the way is looked over: axe, the browser's console, the security policy,
// one heading, labels, and no scrolling sideways at 320 pixels.
//
// Chromium is needed. Without it the tests are skipped with a message, unless
// VS_REQUIRE_CHROMIUM is 1, when they fail.
package journeys
