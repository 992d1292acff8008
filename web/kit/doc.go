// Package kit is what every page stands on. Handlers return an error, and one
// place turns the few kinds of fault into pages; anything else is "there is a
// problem with the service" with a reference, and the detail goes to the log.
// Pages are rendered into memory before a byte is sent.
//
// Every route is registered through Router with the action it needs
// (package access); there is no other way in. Routes under /children/{childID}
// go through the gate: the child is loaded behind row-level security, so a
// child who is not yours is answered exactly like one who is not there, and
// the look is written to the audit in the same round trip as the page's own
// queries (Kit.ViewChild). A child page that was rendered without passing the
// gate is refused.
//
// Forms: the router has read and hashed the posted form before the handler
// runs (FormOf). A handler reads fields off it, calls its service, and when
// Form.Refuses(err) shows the page again with status 422 and everything that
// was typed. Done leads on (303) with a short message. A page shows a field by
// asking the form for it (Form.Input, Form.Select…, inside Form.Around), so what
// was typed and what is wrong with it stand in one place.
//
// Lists: Filters live in the address, KeepSearch keeps names out of it, and
// SendTable and SendCSV give a list to a spreadsheet.
package kit
