// Package postgres is the only door to the database. Its pool is private; it
// gives out two things, each for an actor: View, which sends a page's queries
// as one pipelined round trip, and Change, a transaction. Both begin with
// enter(actor, today) (migration 000003), which works out which children that
// actor may see, so that every statement after it stands behind row-level
// security. Both work as role virtualschool_app, which owns nothing and cannot
// step round those policies. No setting outlives its transaction, so a
// transaction pooler may stand between.
//
// Time is fixed for each transaction (Tx.Now, Tx.Today) and comes from the DB's
// clock, never from SQL.
package postgres
