package years

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"virtualschool/internal/access"
	"virtualschool/internal/calendar"
	"virtualschool/internal/export"
	"virtualschool/internal/fault"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/year"
	"virtualschool/web/kit"
)

// Pages are the pages of this folder and what they stand on.
type Pages struct {
	Kit   *kit.Kit
	Years *year.Service
}

// Routes registers the pages.
func Routes(rt *kit.Router, p *Pages) {
	rt.Get("/premium/years", access.SeePremiumMoney, p.overview)
	rt.Get("/premium/years/{financialYear}", access.SeePremiumMoney, p.leadOn)
	rt.Get("/premium/years/{stream}/{financialYear}", access.SeePremiumMoney, p.year)
	rt.Get("/premium/years/{stream}/{financialYear}/ledger", access.SeePremiumMoney, p.ledger)
	rt.Get("/premium/years/{stream}/{financialYear}/ledger.csv", access.SeePremiumMoney, p.downloadLedger(export.CSV))
	rt.Get("/premium/years/{stream}/{financialYear}/ledger.xlsx", access.SeePremiumMoney, p.downloadLedger(export.Excel))
	rt.Get("/premium/years/{stream}/{financialYear}/income", access.SetPremium, p.income)
	rt.Post("/premium/years/{stream}/{financialYear}/income", access.SetPremium, p.saveIncome)
	rt.Get("/premium/years/{stream}/{financialYear}/retained", access.SetPremium, p.retained)
	rt.Post("/premium/years/{stream}/{financialYear}/retained", access.SetPremium, p.saveRetained)
	rt.Get("/premium/years/{stream}/{financialYear}/spending", access.SetPremium, p.spending)
	rt.Post("/premium/years/{stream}/{financialYear}/spending", access.SetPremium, p.saveSpending)
	rt.Post("/premium/years/{stream}/{financialYear}/spending/{transferID}", access.SetPremium, p.takeBack)
	rt.Get("/premium/years/{stream}/{financialYear}/statement", access.SeePremiumMoney, p.statement)
	rt.Get("/premium/years/{stream}/{financialYear}/statement.pdf", access.SeePremiumMoney, p.statementPDF)
	rt.Get("/premium/years/{stream}/{financialYear}/close", access.ClosePremium, p.closing)
	rt.Post("/premium/years/{stream}/{financialYear}/close", access.ClosePremium, p.closeYear)
	rt.Get("/premium/years/{stream}/{financialYear}/journal", access.ClosePremium, p.journal)
	rt.Post("/premium/years/{stream}/{financialYear}/journal", access.ClosePremium, p.saveJournal)
}

// which is the grant's year that an address names.
type which struct {
	Stream ledger.Stream
	Year   int
}

func whichOf(r *http.Request) (which, error) {
	stream := ledger.Stream(strings.ReplaceAll(chi.URLParam(r, "stream"), "-", "_"))
	financialYear, err := financialYearOf(r)
	if err != nil || stream.Name() == "" {
		return which{}, fault.NotFound()
	}
	return which{stream, financialYear}, nil
}

func financialYearOf(r *http.Request) (int, error) {
	id, err := kit.PathID(r, "financialYear")
	if err != nil || id < 2011 || id > 2100 {
		return 0, fault.NotFound()
	}
	return int(id), nil
}

// Path is the address of a grant's year.
func (y which) Path() string {
	return fmt.Sprintf("/premium/years/%s/%d", strings.ReplaceAll(string(y.Stream), "_", "-"), y.Year)
}

func (y which) label() string { return calendar.FinancialYearLabel(y.Year) }

// title is the grant and the year: "Pupil Premium Plus 2026-27".
func (y which) title() string { return y.Stream.Name() + " " + y.label() }

// leadOn leads from an address without a grant to the year of the grant for children in care.
func (p *Pages) leadOn(w http.ResponseWriter, r *http.Request) error {
	financialYear, err := financialYearOf(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, which{ledger.LookedAfter, financialYear}.Path(), http.StatusMovedPermanently)
	return nil
}
