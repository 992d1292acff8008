// Package imports is the pages on which files come in: send one, look at what it
// would change and what is wrong with it, confirm or discard, keep the receipt.
//
// Checking and applying go on in the background. Until they are done the page
// asks the browser to load it again (the Refresh header, which needs no script).
// Lines about a child whom the person may not know of are counted and not
// listed; whoever is shown a line about a child has looked at that child.
package imports
