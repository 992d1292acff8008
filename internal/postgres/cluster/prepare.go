package cluster

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// PrepareSQL makes the two roles, in a form that may be run again and again on
// any server by a role that may create roles. Roles belong to the whole server,
// so they are not made by the migrations.
const PrepareSQL = `
do $$
begin
	if not exists (select from pg_roles where rolname = 'virtualschool') then
		create role virtualschool;
	end if;
	if not exists (select from pg_roles where rolname = 'virtualschool_app') then
		create role virtualschool_app;
	end if;
end
$$;
alter role virtualschool login nosuperuser nocreaterole nocreatedb noreplication nobypassrls;
alter role virtualschool_app nologin nosuperuser nocreaterole nocreatedb noreplication nobypassrls;
grant virtualschool_app to virtualschool;
`

// prepare makes roles and database, or puts them right.
func (s *Server) prepare(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.AdminURL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if ready, err := prepared(ctx, conn); err != nil || ready {
		return err
	}
	if _, err := conn.Exec(ctx, PrepareSQL); err != nil {
		return fmt.Errorf("roles: %w", err)
	}
	var exists bool
	if err := conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", Database).Scan(&exists); err != nil {
		return err
	}
	if exists {
		_, err = conn.Exec(ctx, "alter database virtualschool owner to virtualschool")
	} else {
		// The owner of a database may create the trusted extensions in it.
		_, err = conn.Exec(ctx, "create database virtualschool owner virtualschool")
	}
	return err
}

// prepared asks whether everything is as prepare would leave it, so that the
// usual start writes nothing.
func prepared(ctx context.Context, conn *pgx.Conn) (bool, error) {
	var ready bool
	err := conn.QueryRow(ctx, `
		select exists (
			select from pg_roles o, pg_roles a, pg_auth_members m, pg_database d
			where o.rolname = 'virtualschool' and a.rolname = 'virtualschool_app'
			and m.roleid = a.oid and m.member = o.oid
			and o.rolcanlogin and not a.rolcanlogin
			and not (o.rolsuper or o.rolcreaterole or o.rolcreatedb or o.rolreplication or o.rolbypassrls)
			and not (a.rolsuper or a.rolcreaterole or a.rolcreatedb or a.rolreplication or a.rolbypassrls)
			and d.datname = 'virtualschool' and d.datdba = o.oid)`).Scan(&ready)
	return ready, err
}
