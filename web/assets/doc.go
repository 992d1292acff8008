// Package assets serves the styles, scripts and icons of every page.
//
// They are built from assets/styles and assets/scripts by "npm run build" (in
// web/) into assets/dist, which is embedded in the program. At start each file
// is named by a hash of what is in it and compressed once, so that a browser
// may keep it for ever and nothing is compressed while someone waits:
//
//	<link rel="stylesheet" href={ assets.URL("app.css") }>
//	router.Handle("/assets/*", assets.Handler())
//	router.Handle("/theme.css", assets.Theme("#0a5c5f"))
//
// The colour of the council is the one thing that is not known when the styles
// are built. It comes from Theme, as custom properties, since the content
// security policy allows no inline style.
//
// A program built without the styles still starts: its pages work, and say at
// the top that the styles are missing and what to run.
package assets
