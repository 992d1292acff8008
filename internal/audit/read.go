package audit

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"

	"virtualschool/internal/postgres"
)

// SeenLook is one look at a child, for people who may ask (access.SeeLooks).
type SeenLook struct {
	At     time.Time
	Name   string
	Role   string
	Screen string
}

// QueueLooks queues the newest looks at a child.
func QueueLooks(batch *postgres.Batch, into *[]SeenLook, childID int64, limit int) {
	postgres.Many(batch, into, `select l.at, p.name, p.role, l.screen from audit_look l join account p on p.id = l.account_id
		where l.child_id = @child order by l.at desc, l.id desc limit @limit`, postgres.Args{"child": childID, "limit": limit})
}

// SeenChange is one change of a child's record.
type SeenChange struct {
	At      time.Time
	Name    string
	Subject string
	Action  string
	Before  *string // JSON
	After   *string
}

// QueueChanges queues the newest changes of a child's record.
func QueueChanges(batch *postgres.Batch, into *[]SeenChange, childID int64, limit int) {
	postgres.Many(batch, into, `select c.at, p.name, c.subject, c.action, c.before::text as before, c.after::text as after
		from audit_change c join account p on p.id = c.account_id
		where c.child_id = @child order by c.at desc, c.id desc limit @limit`, postgres.Args{"child": childID, "limit": limit})
}

// Difference is one field that a change changed.
type Difference struct{ Field, Before, After string }

// Differences are the fields whose value went from one thing to another, by name.
func (c SeenChange) Differences() []Difference {
	before, after := fields(c.Before), fields(c.After)
	var names []string
	for name := range after {
		names = append(names, name)
	}
	for name := range before {
		if _, both := after[name]; !both {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	var list []Difference
	for _, name := range names {
		if was, is := shown(before[name]), shown(after[name]); was != is {
			list = append(list, Difference{Field: name, Before: was, After: is})
		}
	}
	return list
}

// fields are the named values of what was written, those inside others under both names.
func fields(text *string) map[string]any {
	all := map[string]any{}
	if text != nil {
		// What is not an object (there is none today) shows no fields.
		_ = json.Unmarshal([]byte(*text), &all)
	}
	flat := map[string]any{}
	flatten(flat, "", all)
	return flat
}

func flatten(into map[string]any, above string, values map[string]any) {
	for name, value := range values {
		if above != "" {
			name = above + ", " + name
		}
		if inner, nested := value.(map[string]any); nested {
			flatten(into, name, inner)
			continue
		}
		into[name] = value
	}
}

func shown(value any) string {
	switch v := value.(type) {
	case nil:
		return "nothing"
	case string:
		if v == "" {
			return "nothing"
		}
		return v
	case []any:
		words := make([]string, len(v))
		for i, one := range v {
			if inner, nested := one.(map[string]any); nested {
				text, err := json.Marshal(inner)
				if err != nil {
					return ""
				}
				words[i] = string(text)
				continue
			}
			words[i] = shown(one)
		}
		if len(words) == 0 {
			return "nothing"
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(value)
}
