package pgtest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Processors is the processor time that this process and the connections now open to the database of conn have
// used, so that ways of doing the same can be compared on a machine that is busy with other things. It moves in
// hundredths of a second, and is nought where the machine does not tell.
func Processors(t testing.TB, conn *pgx.Conn) time.Duration {
	t.Helper()
	rows, err := conn.Query(t.Context(), `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`)
	if err != nil {
		t.Fatal(err)
	}
	working, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	used := time.Duration(0)
	for _, pid := range append(working, os.Getpid()) {
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return 0
		}
		fields := strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
		for _, ticks := range fields[11:13] { // in the program and in the kernel
			n, _ := strconv.Atoi(ticks)
			used += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return used
}
