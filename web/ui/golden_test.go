package ui

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestExamplesLookAsTheyDid(t *testing.T) {
	t.Parallel()
	for _, example := range Examples() {
		t.Run(example.Name, func(t *testing.T) {
			t.Parallel()
			golden(t, example.Name, example.Content)
		})
	}
}

func TestLayoutsLookAsTheyDid(t *testing.T) {
	t.Parallel()
	body := Text("The content.")
	pages := map[string]PageProps{
		"Layout": {
			Title: "Children", Authority: "Westmoor Council", Colour: "#7a1f4d", Demo: true, HasErrors: true,
			Navigation:  []NavItem{{Text: "Home", Href: "/", Count: 3}, {Text: "Children", Href: "/children", Current: true}, {Text: "Premium requests", Href: "/premium/requests", Count: 120}},
			User:        &UserBadge{Name: "Ruth Adeyemi", Role: "Education adviser"},
			Flash:       &Flash{Kind: Success, Text: "Saved <b>"},
			Breadcrumbs: []Link{{Text: "Home", Href: "/"}}, PhaseNote: "This is a new service.",
		},
		"LayoutSignedOut": {Title: "Sign in", BackLink: "/", Wide: true},
		"LayoutPrint":     {Title: "Record", Authority: "Westmoor Council", Print: true, Navigation: []NavItem{{Text: "Home", Href: "/"}}},
	}
	for name, p := range pages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, Layout(p), body)
		})
	}
}

// Every component that pages can use has an example, and so a golden file.
func TestEveryComponentHasAnExample(t *testing.T) {
	t.Parallel()
	have := []string{"Layout", "Catalogue"}
	for _, example := range Examples() {
		have = append(have, example.Name)
	}
	files, err := filepath.Glob("*_templ.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no generated files: %v", err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || !f.Name.IsExported() || f.Type.Results == nil {
				continue
			}
			if _, component := f.Type.Results.List[0].Type.(*ast.SelectorExpr); component && !slices.Contains(have, f.Name.Name) {
				t.Errorf("%s in %s has no example in catalogue.go", f.Name.Name, file)
			}
		}
	}
}

// The content security policy refuses inline styles and scripts, and ids that
// stand twice break the links of the error summary.
func TestCatalogueKeepsTheRulesOfAPage(t *testing.T) {
	t.Parallel()
	html := render(t, Catalogue(PageProps{Title: "Components", Authority: "Westmoor Council"}))
	page, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the inline attribute %s=%q", goquery.NodeName(s), a.Key, a.Val)
			}
		}
	})
	page.Find("script, style").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) != "" {
			t.Errorf("inline <%s>: %q", goquery.NodeName(s), s.Text())
		}
	})
	seen := map[string]bool{}
	page.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		if seen[id] {
			t.Errorf("the id %q stands twice", id)
		}
		seen[id] = true
	})
	page.Find("[aria-describedby], [aria-labelledby], [aria-controls], label[for]").Each(func(_ int, s *goquery.Selection) {
		for _, attribute := range []string{"aria-describedby", "aria-labelledby", "aria-controls", "for"} {
			for id := range strings.FieldsSeq(s.AttrOr(attribute, "")) {
				if !seen[id] {
					t.Errorf("%s=%q leads to nothing", attribute, id)
				}
			}
		}
	})
	page.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
		if page.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() != 1 {
			t.Errorf("the field %q has no label of its own", s.AttrOr("name", ""))
		}
	})
	page.Find(".govuk-error-summary a").Each(func(_ int, s *goquery.Selection) {
		if target := page.Find(s.AttrOr("href", "")); !target.Is("input, select, textarea") {
			t.Errorf("the error link %s does not lead to a field", s.AttrOr("href", ""))
		}
	})
}

// golden compares a component with testdata/<name>.html. Addresses lose their
// content hash, so that a change of styles changes no golden file.
func golden(t *testing.T, name string, c templ.Component, children ...templ.Component) {
	t.Helper()
	got := hashed.ReplaceAllString(render(t, c, children...), "$1$2") + "\n"
	got = strings.ReplaceAll(got, "><", ">\n<")
	file := filepath.Join("testdata", name+".html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test ./web/ui -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-was +is):\n%s", file, diff)
	}
}

var hashed = regexp.MustCompile(`(/assets/[a-z/]+)-[0-9a-f]{12}(\.[a-z]+)`)

func render(t *testing.T, c templ.Component, children ...templ.Component) string {
	t.Helper()
	ctx := t.Context()
	if len(children) > 0 {
		ctx = templ.WithChildren(ctx, templ.Join(children...))
	}
	var b strings.Builder
	if err := c.Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
