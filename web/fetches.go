package web

import (
	"fmt"
	"net/http"
)

// ownFetches refuses what another site's page asks for. A browser says so (Sec-Fetch-Site): a link that a
// person follows is let through, for links in mail lead here too; pictures, scripts, frames and the like
// are not. Files, which nobody follows a link to from elsewhere, kit.Send refuses however they are asked for.
func ownFetches(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site, mode, to := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode"), r.Header.Get("Sec-Fetch-Dest")
		followed := mode == "navigate" && (to == "document" || to == "")
		if (site == "cross-site" || site == "same-site") && !followed && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintln(w, "Another site asked for this, so it was not sent. Open the page here.")
			return
		}
		next.ServeHTTP(w, r)
	})
}
