package journeys

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"virtualschool/internal/seed"
)

// perPattern is how many pages of a kind each person opens.
const perPattern = 2

// TestEveryPageHoldsUp follows every link, as each role, on a council where everything has
// happened. Each page answers; each that is built differently from those before is opened in the
// browser, wide and narrow, and looked over. All problems of all pages are reported at once.
func TestEveryPageHoldsUp(t *testing.T) {
	t.Parallel()
	council := newDemo(t, 60)
	surnames := council.names()
	c := &crawl{demo: council, surnames: surnames, built: map[string]int{}, problems: map[string][]string{}}
	t.Run("as", func(t *testing.T) {
		c.t = t
		for _, person := range seed.SignIns() {
			if strings.Contains(person.Email, "2@") {
				continue
			}
			t.Run(strings.Split(person.Email, "@")[0], func(t *testing.T) {
				t.Parallel()
				c.walk(t, strings.Split(person.Email, "@")[0], sessionOf(t, council.db, council.ids[person.Email]))
			})
		}
	})
	var all []string
	for problem, where := range c.problems {
		all = append(all, fmt.Sprintf("%s\n      on %s", problem, strings.Join(where[:min(3, len(where))], ", ")))
	}
	sort.Strings(all)
	for _, problem := range all {
		t.Error(problem)
	}
	if c.pages < 100 {
		t.Errorf("only %d pages were found: are the links still followed?", c.pages)
	}
	fmt.Printf("crawl: %d pages answered, %d opened in the browser at two widths, %d kinds of problem\n", c.pages, c.opened, len(c.problems))
}

// crawl is what all walkers share.
type crawl struct {
	*demo
	surnames []string

	mu       sync.Mutex
	built    map[string]int      // pages by how they are built
	problems map[string][]string // where each was seen
	pages    int
	opened   int
}

func (c *crawl) complain(where, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.problems[problem], where) {
		c.problems[problem] = append(c.problems[problem], where)
	}
}

// walk follows every link from the home page as one person.
func (c *crawl) walk(t *testing.T, role, session string) {
	browser := newVisitor(t, c.home, true, 20*time.Minute)
	browser.looksOver = false
	browser.HasSession(session)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	queue, met, kinds := []string{"/", "/account"}, map[string]bool{}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		kind := kindOf(path)
		if met[path] || kinds[kind] >= perPattern {
			continue
		}
		met[path] = true
		kinds[kind]++
		links, print := c.reads(t, client, role, session, path)
		queue = append(queue, links...)
		if number := c.number(kind, print); number > 0 {
			c.opens(browser, role, path, number == 1)
		}
	}
}

// kindOf is an address without what differs between pages of a kind.
func kindOf(path string) string {
	at, err := url.Parse(path)
	if err != nil {
		return path
	}
	var keys []string
	for key := range at.Query() {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	kind := pattern(at.Path)
	if len(keys) > 0 {
		kind += "?" + strings.Join(keys, "&")
	}
	return kind
}

// reads fetches a page and says where it leads and how it is built; "" for what is no page.
func (c *crawl) reads(t *testing.T, client *http.Client, role, session, path string) (links []string, print string) {
	request, err := http.NewRequest(http.MethodGet, c.home+path, nil)
	if err != nil {
		c.complain(role+" "+path, "a link that is no address")
		return nil, ""
	}
	request.AddCookie(&http.Cookie{Name: "session", Value: session})
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	c.mu.Lock()
	c.pages++
	c.mu.Unlock()
	where := role + " " + kindOf(path)
	if answer.StatusCode == http.StatusSeeOther || answer.StatusCode == http.StatusFound {
		return []string{answer.Header.Get("Location")}, ""
	}
	if answer.StatusCode != http.StatusOK {
		c.complain(where, fmt.Sprintf("a link leads to a page that answers %d: %s", answer.StatusCode, kindOf(path)))
		return nil, ""
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return nil, ""
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	title := page.Find("title").Text()
	for _, surname := range c.surnames {
		if strings.Contains(title, surname) || strings.Contains(path, surname) {
			c.complain(where, "a child's name in the title or address: "+title)
		}
	}
	page.Find("a[href]").Each(func(_ int, link *goquery.Selection) {
		target, _, _ := strings.Cut(link.AttrOr("href", ""), "#")
		if strings.HasPrefix(target, "?") {
			target = strings.Split(path, "?")[0] + target
		}
		if strings.HasPrefix(target, "/") && !strings.HasPrefix(target, "/assets/") {
			links = append(links, target)
		}
	})
	return links, fingerprint(page)
}

// fingerprint is how a page is built: which kind of element stands in which, without its words.
func fingerprint(page *goquery.Document) string {
	nests := map[string]bool{}
	page.Find("body *").Each(func(_ int, element *goquery.Selection) {
		nests[tagOf(element.Get(0).Parent)+">"+tagOf(element.Get(0))] = true
	})
	list := make([]string, 0, len(nests))
	for nest := range nests {
		list = append(list, nest)
	}
	sort.Strings(list)
	return strings.Join(list, " ")
}

func tagOf(node *html.Node) string {
	for _, attribute := range node.Attr {
		if attribute.Key == "class" {
			return node.Data + "." + attribute.Val
		}
	}
	return node.Data
}

// number says which of its kind a page is that the browser opens: 0 when it is no page, when one built
// like this was opened before, or enough of its kind.
func (c *crawl) number(kind, print string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if print == "" || c.built[print] > 0 || c.built[kind] >= 2 {
		return 0
	}
	c.built[print]++
	c.built[kind]++
	c.opened++
	return c.built[kind]
}

// opens looks a page over in the browser: at a desk, and on a small telephone, where axe sees the first of a kind.
func (c *crawl) opens(v *Visitor, role, path string, first bool) {
	v.Opens(path)
	where := role + " " + kindOf(path)
	report := func(problems []string, err error) {
		v.must(err)
		for _, problem := range problems {
			c.complain(where, kindOf(path)+": "+problem)
		}
	}
	report(v.faults(), nil)
	report(ask[[]string](v.ctx, "focusSeen()"))
	v.must(atWidth(v.ctx, 375, func() error {
		if first {
			report(axeFinds(v.ctx, false))
		}
		report(ask[[]string](v.ctx, "brokenFigures()"))
		return nil
	}))
	v.do(chromedp.EmulateViewport(1280, 900))
}
