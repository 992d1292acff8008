// Package web wires the pages together: New puts the middleware in order, lists
// every route with the action it needs (routes.go) and hands each feature's
// pages the services they use. Nothing else knows all of them.
package web
