package postgres

import (
	"database/sql"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// collect reads rows into structs by column name, as pgx.RowToStructByName does, which finds the field of each
// column anew for every row. Lists have thousands of rows, so here it is done for the first, and the others
// pass through the same struct.
func collect[T any](rows pgx.Rows) ([]T, error) {
	defer rows.Close()
	list := []T{}
	var zero T
	var through *T
	first := firstRow{Rows: rows}
	for rows.Next() {
		var err error
		if through == nil {
			through, err = pgx.RowToAddrOfStructByName[T](&first)
		} else {
			*through = zero
			err = rows.Scan(first.fields...)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, *through)
	}
	return list, rows.Err()
}

// firstRow remembers which fields a row was read into.
type firstRow struct {
	pgx.Rows
	fields []any
}

func (r *firstRow) Scan(fields ...any) error {
	r.fields = make([]any, len(fields))
	for i, field := range fields {
		r.fields[i] = plainly(field, r.FieldDescriptions()[i].DataTypeOID)
	}
	return r.Rows.Scan(r.fields...)
}

// plainly is a field of a type of our own that is text or a number as what it is underneath: that is read
// without reflection.
func plainly(field any, column uint32) any {
	if _, itself := field.(sql.Scanner); itself {
		return field
	}
	at := reflect.ValueOf(field)
	switch kind := at.Type().Elem().Kind(); {
	case kind == reflect.String && (column == pgtype.TextOID || column == pgtype.VarcharOID):
		return at.Convert(reflect.TypeFor[*string]()).Interface()
	case kind == reflect.Int64 && column == pgtype.Int8OID:
		return at.Convert(reflect.TypeFor[*int64]()).Interface()
	}
	return field
}
