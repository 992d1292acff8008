package intake

import (
	"context"
	"virtualschool/internal/access"
	"virtualschool/internal/intake/table"
	"virtualschool/internal/postgres"
)

type rollTaker struct{}

func (r *rollTaker) read(ctx context.Context, tx *postgres.Tx, files []*table.File, out *outcome) error {
	return nil
}
func (r *rollTaker) apply(ctx context.Context, tx *postgres.Tx, by access.Actor, importID int64) error {
	return nil
}
