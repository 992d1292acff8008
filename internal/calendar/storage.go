package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// MarshalText writes the ISO day, or nothing for the zero Date. JSON follows it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads an ISO day; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores a date as its ISO text, so no zone can shift it; the zero Date
// is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a date column; NULL is the zero Date. A time is read for the day
// it names in its own zone, so nothing shifts; do not scan a timestamptz column
// into a Date, read the moment and use Of.
func (d *Date) Scan(source any) error {
	switch value := source.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		*d = on(value)
		return nil
	case string:
		return d.UnmarshalText([]byte(value))
	case []byte:
		return d.UnmarshalText(value)
	}
	return fmt.Errorf("cannot read a date from %T", source)
}
