package cluster

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"gopkg.in/yaml.v3"
)

// The container's database and the embedded one have the same roles.
func TestTheContainerIsPreparedTheSameWay(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("../../../docker-compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Configs struct{ Roles struct{ Content string } }
	}
	if err := yaml.Unmarshal(b, &compose); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: t.TempDir()})
	conn, err := pgx.Connect(t.Context(), s.AdminURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	run := func(script string) {
		t.Helper()
		for sql := range strings.SplitSeq(strings.TrimSpace(script), ";\n") {
			if _, err := conn.Exec(t.Context(), sql); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
		}
	}
	run("drop database virtualschool;\ndrop role virtualschool_app;\ndrop role virtualschool")
	if ready, err := prepared(t.Context(), conn); err != nil || ready {
		t.Fatalf("without roles: %v, %v", ready, err)
	}
	run(compose.Configs.Roles.Content)
	if ready, err := prepared(t.Context(), conn); err != nil || !ready {
		t.Errorf("after the container's script: %v, %v", ready, err)
	}
}
