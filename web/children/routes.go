package children

import (
	"context"

	"virtualschool/internal/access"
	"virtualschool/internal/child"
	"virtualschool/internal/worklist"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Children *child.Service
	// Term is the term that the list shows plans for.
	Term func(context.Context) (child.Term, error)
	// Rules are what the child's next duties are worked out with.
	Rules func(context.Context) (worklist.Rules, error)
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/children", access.SeeChildren, p.list)
	rt.Post("/children/search", access.SeeChildren, p.search)
	rt.Get("/children.csv", access.ExportChildren, p.export)
	rt.Get("/children/new", access.AddChild, p.add)
	rt.Post("/children/new", access.AddChild, p.saveAdd)
	rt.ChildGet("/children/{childID}", access.SeeChild, p.show)
	rt.ChildGet("/children/{childID}/timeline", access.SeeChild, p.timeline)
	rt.ChildGet("/children/{childID}/edit", access.EditChild, p.edit)
	rt.ChildPost("/children/{childID}/edit", access.EditChild, p.saveEdit)
	rt.ChildGet("/children/{childID}/school", access.ChangeRoll, p.school)
	rt.ChildPost("/children/{childID}/school", access.ChangeRoll, p.saveSchool)
	rt.ChildGet("/children/{childID}/people", access.ChangeAllocation, p.people)
	rt.ChildPost("/children/{childID}/people", access.ChangeAllocation, p.savePeople)
	rt.ChildGet("/children/{childID}/notes/new", access.WriteNote, p.note)
	rt.ChildPost("/children/{childID}/notes", access.WriteNote, p.saveNote)
	rt.ChildGet("/children/{childID}/care", access.AddChild, p.care)
	rt.ChildPost("/children/{childID}/care", access.AddChild, p.saveCare)
	rt.ChildGet("/children/{childID}/restriction", access.RestrictChild, p.restrict)
	rt.ChildPost("/children/{childID}/restriction", access.RestrictChild, p.saveRestrict)
	rt.ChildPost("/children/{childID}/restriction/named", access.RestrictChild, p.saveNamed)
	rt.ChildPost("/children/{childID}/restriction/named/end", access.RestrictChild, p.endNamed)
	rt.ChildPost("/children/{childID}/restriction/places", access.RestrictChild, p.savePlace)
	rt.ChildPost("/children/{childID}/restriction/places/end", access.RestrictChild, p.endPlace)
	rt.ChildPost("/children/{childID}/restriction/end", access.RestrictChild, p.endRestriction)
	rt.ChildGet("/children/{childID}/blocks", access.RestrictChild, p.blocks)
	rt.ChildPost("/children/{childID}/blocks", access.RestrictChild, p.saveBlock)
	rt.ChildPost("/children/{childID}/blocks/end", access.RestrictChild, p.endBlock)
	rt.ChildGet("/children/{childID}/access", access.SeeLooks, p.access)
}
