package postgres_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/postgres/pgtest"
)

type word string

type part struct {
	N    int
	Word word
}

type about struct{ Word word }

// TestRowsShareNothing reads rows whose fields could be left over from the row before, or be its very own.
func TestRowsShareNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	type row struct {
		about
		ID     int64 `db:"row_id"`
		Amount money.Pence
		Day    calendar.Date
		Maybe  *word
		Words  []word
		Bytes  []byte
		Parts  []part
		Saying json.RawMessage
		Map    map[string]int
		Own    string `db:"-"`
	}
	const query = `select * from (values
		(1::bigint, 'one', 100::bigint, '2026-11-23'::date, 'here', array['a', 'b'], '\x0102'::bytea, array[row(1, 'x'), row(2, 'y')], '{"a": 1}'::jsonb, '{"a": 1}'::jsonb),
		(2, 'two', 0, null, null, null, null, null, 'null', 'null'),
		(3, 'three', -5, '2026-11-24', 'there', array['c', 'd'], '\x03', array[row(3, 'z')], '{"b": 2}', '{"b": 2}')) v(row_id, word, amount, day, maybe, words, bytes, parts, saying, map) order by row_id`
	here, there := word("here"), word("there")
	want := []row{
		{about{"one"}, 1, 100, calendar.MustParse("2026-11-23"), &here, []word{"a", "b"}, []byte{1, 2}, []part{{1, "x"}, {2, "y"}}, json.RawMessage(`{"a": 1}`), map[string]int{"a": 1}, ""},
		{about{"two"}, 2, 0, calendar.Date{}, nil, nil, nil, nil, json.RawMessage(`null`), nil, ""},
		{about{"three"}, 3, -5, calendar.MustParse("2026-11-24"), &there, []word{"c", "d"}, []byte{3}, []part{{3, "z"}}, json.RawMessage(`{"b": 2}`), map[string]int{"b": 2}, ""},
	}
	var got []row
	var batch postgres.Batch
	postgres.Many(&batch, &got, query, nil)
	if err := db.View(t.Context(), access.System, &batch); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// TestRowsThatDoNotFit are refused, whichever row it is.
func TestRowsThatDoNotFit(t *testing.T) {
	t.Parallel()
	db := pgtest.Open(t)
	for sql, want := range map[string]string{
		`select 'one' as word where false`:                              "",
		`select 'one' as word, 'two' as other`:                          "struct doesn't have corresponding row field other",
		`select null::text as word`:                                     "cannot scan NULL",
		`select * from (values ('one'), (null)) v(word)`:                "cannot scan NULL",
		`select (array['one'])[n] as word from generate_series(1, 2) n`: "cannot scan NULL",
	} {
		var got []about
		var batch postgres.Batch
		postgres.Many(&batch, &got, sql, nil)
		err := db.View(t.Context(), access.System, &batch)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", sql, got, err)
		}
	}
}

// TestRowsNeedFields shows that what has no fields is refused before anything is asked of the database, in
// words that say what to use instead.
func TestRowsNeedFields(t *testing.T) {
	t.Parallel()
	var batch postgres.Batch
	var number int
	var maybe *string
	var many []map[string]any
	for name, read := range map[string]func(){
		"One":   func() { postgres.One(&batch, &number, `select 1`, nil) },
		"Maybe": func() { postgres.Maybe(&batch, &maybe, `select 'a'`, nil) },
		"Many":  func() { postgres.Many(&batch, &many, `select 1 as a`, nil) },
		"Get":   func() { _, _ = postgres.Get[int](t.Context(), &postgres.Tx{}, `select 1`, nil) },
		"List":  func() { _, _ = postgres.List[*part](t.Context(), &postgres.Tx{}, `select 1 as n`, nil) },
	} {
		said := func() (said any) {
			defer func() { said = recover() }()
			read()
			return nil
		}()
		if words, _ := said.(string); !strings.Contains(words, "has no fields: read it by Value") {
			t.Errorf("%s: %v", name, said)
		}
	}
	if batch.Len() != 0 {
		t.Errorf("%d queries were queued", batch.Len())
	}
}
