package ssda903

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"virtualschool/internal/intake/table"
)

const (
	deepest   = 8       // elements inside each other; the return needs five
	longest   = 4096    // characters in one value
	mostInXML = 500_000 // records in one document
)

// tableOf says which table an element of the XML stands for. Elements that are
// set aside are known so that they can be told.
var tableOf = map[string]Kind{
	"HEADER": HeaderTable, "EPISODE": Episodes, "AREVIEW": Reviews, "OC2": OC2, "PERMANENCE": PrevPerm,
	"OC3": OC3, "AD1": AD1, "AMISSING": Missing, "SWEPISODE": SWEpisodes, "SWDETAILS": SWEpisodes, "DOLO": DoLo,
	"PLACEDADOPTION": PlacedAdoption, "PLACED_ADOPTION": PlacedAdoption, "PLACEDFORADOPTION": PlacedAdoption,
}

// document is the state of reading one XML return.
type document struct {
	r        *reader
	file     string
	tokens   *xml.Decoder
	path     []*element
	child    []kept // records of the CHILD element being read
	found    map[Kind][]record
	aside    map[Kind]int
	children int
	records  int
}

// element is one element that has been opened and not closed.
type element struct {
	name   string
	line   int
	text   strings.Builder
	parent bool // other elements are inside it
	rec    *record
}

type kept struct {
	kind Kind
	rec  *record
}

// readXML takes in the return as one document. Namespaces and stray text are
// ignored; a document type or an entity of its own is refused.
func (r *reader) readXML(f *table.File) error {
	text, err := f.Text()
	if err != nil {
		return err
	}
	defer text.Close()
	d := &document{r: r, file: f.Name, tokens: xml.NewDecoder(text), found: map[Kind][]record{}, aside: map[Kind]int{}}
	// The text is UTF-8 by now, whatever the document says of itself.
	d.tokens.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	if err := d.read(); err != nil {
		return err
	}
	for _, kind := range kinds {
		if other, ok := r.from[kind]; ok && (kind == HeaderTable || len(d.found[kind]) > 0) {
			return &table.FileError{File: f.Name, Rule: "table-twice", Text: fmt.Sprintf(
				"The %s table is already in this upload, in %s. Send one return at a time.", kind, other)}
		}
	}
	r.ret.Files = append(r.ret.Files, FileReport{Name: f.Name, Kind: WholeReturn, State: StateRead, Rows: d.children})
	r.from[HeaderTable] = f.Name
	for _, kind := range kinds {
		if len(d.found[kind]) > 0 {
			r.tables[kind], r.from[kind] = d.found[kind], f.Name
		}
	}
	for _, form := range forms {
		if n := d.aside[form.kind]; n > 0 {
			r.ret.Problems = append(r.ret.Problems, table.Problem{File: f.Name, Rule: "set-aside", Severity: table.Info,
				Text: fmt.Sprintf("The %s part of the return is not read. %s", form.kind, form.aside)})
		}
	}
	return nil
}

func (d *document) fail(rule, text string) error {
	line, _ := d.tokens.InputPos()
	return &table.FileError{File: d.file, Line: line, Rule: rule, Text: fmt.Sprintf("%s (line %d). Nothing of the file is used.", text, line)}
}

func (d *document) read() error {
	any := false
	for {
		token, err := d.tokens.Token()
		if errors.Is(err, io.EOF) && len(d.path) == 0 && any {
			return nil
		}
		if err != nil {
			return d.fail("bad-xml", "The file is not well-formed XML: it is damaged or cut off")
		}
		switch t := token.(type) {
		case xml.Directive:
			return d.fail("xml-directive", "The file declares a document type or entities of its own, which no return needs")
		case xml.StartElement:
			any = true
			if err := d.open(strings.ToUpper(t.Name.Local)); err != nil {
				return err
			}
		case xml.CharData:
			if n := len(d.path); n > 0 && !d.path[n-1].parent {
				if d.path[n-1].text.Write(t); d.path[n-1].text.Len() > longest {
					return d.fail("long-value", "A value is longer than any in the return can be")
				}
			}
		case xml.EndElement:
			d.close()
		}
	}
}

func (d *document) open(name string) error {
	if len(d.path) == 0 && name != "EXPSSDA903" {
		return d.fail("not-903", "This XML is not a children looked after return (SSDA903): its outermost element should be EXPSSDA903")
	}
	if len(d.path) >= deepest {
		return d.fail("too-deep", "The XML has more elements inside each other than a return can have")
	}
	line, _ := d.tokens.InputPos()
	e := &element{name: name, line: line}
	if n := len(d.path); n > 0 {
		d.path[n-1].parent = true
	}
	if name == "CHILD" && len(d.path) == 1 {
		d.child = nil
		d.children++
	}
	if kind, ok := tableOf[name]; ok && len(d.path) >= 2 {
		if d.records++; d.records > mostInXML {
			return d.fail("too-many-rows", fmt.Sprintf("The return has more than %d parts", mostInXML))
		}
		if formOf(kind).aside != allRead {
			d.aside[kind]++
		} else {
			e.rec = &record{file: d.file, line: line, cells: map[string]string{}, lines: map[string]int{}}
			d.child = append(d.child, kept{kind, e.rec})
		}
	}
	d.path = append(d.path, e)
	return nil
}

// inCSV gives the CSV's name for a value where the XML has another.
var inCSV = map[string]string{"PL": "PLACE", "CHILDID": "CHILD"}

func (d *document) close() {
	n := len(d.path) - 1
	e := d.path[n]
	d.path = d.path[:n]
	if n > 0 && !e.parent {
		d.value(d.path[n-1], e)
	}
	if e.name == "CHILD" && n == 1 {
		d.closeChild()
	}
}

// value puts an element without others inside it into the record around it.
func (d *document) value(around, e *element) {
	cell := table.Clean(e.text.String())
	if around.rec == nil || table.Blank(cell) {
		return
	}
	name := e.name
	if other, ok := inCSV[name]; ok {
		name = other
	}
	if _, ok := around.rec.cells[name]; !ok {
		around.rec.cells[name] = cell
		around.rec.lines[name] = e.line
	}
}

// closeChild tells every record of a child whose it is, and makes the UASC record
// that the XML keeps in the Header.
func (d *document) closeChild() {
	var header *record
	for _, k := range d.child {
		if k.kind == HeaderTable {
			header = k.rec
			break
		}
	}
	for _, k := range d.child {
		if k.kind != HeaderTable && header != nil {
			k.rec.cells["CHILD"] = header.get("CHILD")
			delete(k.rec.cells, "DOB")
		}
		k.rec.only(k.kind, d)
	}
}

// only keeps of a record what is wanted of its table, and files it.
func (r *record) only(kind Kind, d *document) {
	if kind == HeaderTable && (r.get("UASC") == "1" || strings.EqualFold(r.get("UASC"), "true") || r.get("DUC") != "") {
		uasc := record{file: r.file, line: r.line, cells: map[string]string{"CHILD": r.get("CHILD")}, lines: r.lines}
		if until := r.get("DUC"); until != "" {
			uasc.cells["DUC"] = until
		}
		d.found[UASC] = append(d.found[UASC], uasc)
	}
	cells := make(map[string]string, len(wanted[kind]))
	for _, column := range wanted[kind] {
		if cell, ok := r.cells[column]; ok {
			cells[column] = cell
		}
	}
	r.cells = cells
	d.found[kind] = append(d.found[kind], *r)
}
