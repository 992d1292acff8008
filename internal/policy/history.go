package policy

import (
	"encoding/json"
	"slices"
	"time"

	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Entry is a value the council set, with the days it holds and who set it.
type Entry struct {
	Key    Key
	Value  json.RawMessage
	From   calendar.Date
	Until  calendar.Date // the first day it no longer holds; zero: until another is set
	Source string
	SetBy  string
	SetAt  time.Time
}

// Words is the value as a page says it.
func (e Entry) Words() string {
	return (Values{rows: []row{{Key: e.Key, Value: e.Value}}}).Words(e.Key)
}

// QueueHistory queues all values ever set for a key, the newest first.
func QueueHistory(batch *postgres.Batch, into *[]Entry, key Key) {
	postgres.Many(batch, into, `select v.key, v.value, lower(v.valid) as "from", upper(v.valid) as until, v.source, coalesce(a.name, '') as set_by, v.set_at
		from policy_value v left join account a on a.id = v.set_by where v.key = @key order by lower(v.valid) desc`, postgres.Args{"key": key})
}

// With is the values as they would be with another one for a key: for showing what a change would do.
// The value is of the definition's type; its error may be shown.
func (v Values) With(key Key, value any) (Values, error) {
	definition, _ := key.Definition()
	stored, err := definition.tidy(value)
	if err != nil {
		return v, err
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return v, err
	}
	rows := slices.DeleteFunc(slices.Clone(v.rows), func(r row) bool { return r.Key == key })
	return Values{rows: append(rows, row{Key: key, Value: text})}, nil
}
