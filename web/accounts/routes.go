package accounts

import (
	"strconv"

	"virtualschool/internal/access"
	"virtualschool/internal/account"
	"virtualschool/internal/account/factor"
	"virtualschool/internal/child"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit      *kit.Kit
	Accounts *account.Service
	Factors  *factor.Service
	Children *child.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/admin/accounts", access.ManageAccounts, p.list)
	rt.Post("/admin/accounts/search", access.ManageAccounts, p.search)
	rt.Get("/admin/accounts/new", access.ManageAccounts, p.invite)
	rt.Post("/admin/accounts/new", access.ManageAccounts, p.sendInvite)
	rt.Get("/admin/accounts/quiet", access.ManageAccounts, p.quiet)
	rt.Post("/admin/accounts/quiet", access.ManageAccounts, p.endQuiet)
	rt.Get("/admin/accounts/bulk", access.ManageAccounts, p.bulk)
	rt.Upload("/admin/accounts/bulk", access.ManageAccounts, bulkLimit, p.previewBulk)
	rt.Post("/admin/accounts/bulk/apply", access.ManageAccounts, p.applyBulk)
	rt.Get(domainsHome, access.ManageAccounts, p.domains)
	rt.Get(domainsHome+"/{settingID}", access.ManageAccounts, p.domainsOf)
	rt.Post(domainsHome+"/{settingID}", access.ManageAccounts, p.saveDomains)
	rt.Get(reviewHome, access.ManageAccounts, p.review)
	rt.Get(reviewHome+"/{place}", access.ManageAccounts, p.reviewPlace)
	rt.Post(reviewHome+"/{place}", access.ManageAccounts, p.saveReview)
	rt.Get("/admin/accounts/{accountID}", access.ManageAccounts, p.show)
	rt.Get("/admin/accounts/{accountID}/edit", access.ManageAccounts, p.edit)
	rt.Post("/admin/accounts/{accountID}/edit", access.ManageAccounts, p.saveEdit)
	rt.Get("/admin/accounts/{accountID}/schools", access.ManageAccounts, p.schools)
	rt.Post("/admin/accounts/{accountID}/schools", access.ManageAccounts, p.join)
	rt.Post("/admin/accounts/{accountID}/schools/end", access.ManageAccounts, p.leave)
	rt.Get("/admin/accounts/{accountID}/cover", access.ManageAccounts, p.cover)
	rt.Post("/admin/accounts/{accountID}/cover", access.ManageAccounts, p.saveCover)
	rt.Post("/admin/accounts/{accountID}/cover/end", access.ManageAccounts, p.endCover)
	rt.Get("/admin/accounts/{accountID}/end", access.ManageAccounts, p.end)
	rt.Post("/admin/accounts/{accountID}/end", access.ManageAccounts, p.doEnd)
	rt.Post("/admin/accounts/{accountID}/invitation", access.ManageAccounts, p.inviteAgain)
	rt.Post("/admin/accounts/{accountID}/sessions", access.ManageAccounts, p.endSessions)
	rt.Get("/admin/accounts/{accountID}/factors", access.ManageAccounts, p.lost)
	rt.Post("/admin/accounts/{accountID}/factors", access.ManageAccounts, p.removeFactors)
	rt.Get("/admin/roles", access.SeeRoles, p.roles)
}

func id(number int64) string { return strconv.FormatInt(number, 10) }

func path(accountID int64) string { return "/admin/accounts/" + id(accountID) }
