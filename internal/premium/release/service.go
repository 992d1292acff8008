package release

import (
	"context"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/fault"
	"virtualschool/internal/money"
	"virtualschool/internal/postgres"
	"virtualschool/internal/premium"
	"virtualschool/internal/premium/ledger"
	"virtualschool/internal/premium/scheme"
)

// Service confirms termly releases.
type Service struct {
	DB        *postgres.DB
	Schemes   scheme.Set // the council's paying policies
	Authority string     // whose terms they are: the council's three digits
}

// Confirm releases everything of a term's run that is due and that actor may approve, wholly or not at
// all, from the financial year of today. It needs DecidePremium, and leaves what is above the actor's limit
// or that of whom they stand in for (Run.Left). version is that of the lines as they were shown: a run that has changed since is a conflict. It gives how many lines were released.
func (s *Service) Confirm(ctx context.Context, actor access.Actor, term Term, version int) (released int, err error) {
	var wanted money.Pence
	err = s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		if !access.Can(actor, access.DecidePremium) {
			return fault.Forbidden("Your role does not allow this.")
		}
		// Two who confirm at once: the second finds what the first has released.
		if _, err := tx.Do(ctx, `select pg_advisory_xact_lock(hashtext('premium release ' || @year::int || @term))`, args(s.Authority, term)); err != nil {
			return err
		}
		found, err := load(ctx, tx, s.Authority, term)
		if err != nil {
			return err
		}
		run := found.Run(s.Schemes, term, tx.Today)
		switch {
		case run.Term.Name == "":
			return fault.NotFound()
		case run.Scheme.Basis != scheme.TermlyRelease:
			return fault.Conflict("The paying policy that holds today releases no termly sums. Nothing has been released.")
		}
		power, err := premium.LoadPower(ctx, tx)
		if err != nil {
			return err
		}
		if err := power.MayDecide(); err != nil {
			return err
		}
		due := run.Due(power)
		if version != Version(due) || len(due) == 0 {
			return fault.Conflict("What is due has changed since this page was shown. Nothing has been released: look at it as it is now.")
		}
		released, wanted = len(due), Sum(due)
		return confirm(ctx, tx, run, power.StandIn, due)
	})
	if postgres.Constraint(err) != "premium_never_overspent" {
		return released, err
	}
	var position ledger.Position
	var batch postgres.Batch
	ledger.QueuePosition(&batch, &position, ledger.LookedAfter, calendar.FinancialYear(s.DB.Today()))
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return 0, err
	}
	return 0, fault.Invalid("", fmt.Sprintf("The year has %s left, and this release needs %s. Nothing has been released.", position.Pool, wanted))
}

// confirm asks for every line in the name of whoever submitted the plan, decides it in the actor's own,
// and commits its money.
func confirm(ctx context.Context, tx *postgres.Tx, run Run, standIn int64, due []Named) error {
	year := calendar.FinancialYear(tx.Today)
	if err := ledger.OpenYear(ctx, tx, ledger.LookedAfter, year); err != nil {
		return err
	}
	words := fmt.Sprintf("Termly release, %s", run.Term.Label())
	reason := fmt.Sprintf("Released under “%s”, version %d.", run.Scheme.Title, run.Scheme.Version)
	var children, settings, amounts, askers []int64
	var purposes []string
	for _, line := range due {
		children, settings, askers = append(children, line.ChildID), append(settings, line.SettingID), append(askers, line.AskedBy)
		amounts = append(amounts, int64(line.Amount))
		purposes = append(purposes, fmt.Sprintf("%s: %d of %d school days in care and on roll", run.Term.Label(), line.Days, line.TermDays))
	}
	all := postgres.Args{"children": children, "settings": settings, "amounts": amounts, "askers": askers, "purposes": purposes, "stream": ledger.LookedAfter,
		"year": year, "scheme": run.Scheme.Key, "scheme_version": run.Scheme.Version, "release_year": run.Term.AcademicYear, "release_term": run.Term.Name,
		"by": tx.Actor.ID, "stand_in": standIn, "reason": reason}
	type made struct {
		ID      int64
		ChildID int64
		Amount  money.Pence
	}
	requests, err := postgres.List[made](ctx, tx, `with made as (
			insert into premium_request (child_id, setting_id, stream, financial_year, category, purpose, expected_difference, amount_pence,
				scheme, scheme_version, release_year, release_term, state, asked_by, asked_at)
			select child, setting, @stream, @year, 'termly_release', purpose, 'What the plan of the term sets out', amount,
				@scheme, @scheme_version, @release_year, @release_term, 'asked', asker, @now
			from unnest(@children::bigint[], @settings::bigint[], @amounts::bigint[], @askers::bigint[], @purposes::text[]) as l (child, setting, amount, asker, purpose)
			returning id, child_id, amount_pence, asked_by),
		told as (insert into premium_event (request_id, child_id, event, amount_pence, words, account_id, at)
			select id, child_id, 'asked', amount_pence, '', asked_by, @now from made)
		select id, child_id, amount_pence as amount from made order by id`, all)
	if err != nil {
		return err
	}
	var ids []int64
	for _, one := range requests {
		ids = append(ids, one.ID)
	}
	all["requests"] = ids
	if _, err := tx.Do(ctx, `with decided as (
			update premium_request set state = 'approved', approved_pence = amount_pence, decided_by = @by, decided_at = @now, decision_reason = @reason,
				stand_in_id = nullif(@stand_in::bigint, 0), version = version + 1
			where id = any(@requests) returning id, child_id, approved_pence)
		insert into premium_event (request_id, child_id, event, amount_pence, words, account_id, at)
		select id, child_id, 'approved', approved_pence, @reason, @by, @now from decided`, all); err != nil {
		return err
	}
	for _, one := range requests {
		if err := ledger.Move(ctx, tx, ledger.Entry{Stream: ledger.LookedAfter, Year: year, From: "pool", To: "committed", Amount: one.Amount, Request: one.ID, Child: one.ChildID,
			Reason: words, Key: ledger.Key("request %d committed", one.ID)}); err != nil {
			return err
		}
		if err := audit.Change(ctx, tx, audit.Entry{ChildID: one.ChildID, Subject: "premium request", SubjectID: one.ID, Action: "released for a term",
			After: map[string]any{"approved": one.Amount, "term": run.Term.Label(), "scheme": run.Scheme.Key, "scheme_version": run.Scheme.Version, "stand_in": standIn}}); err != nil {
			return err
		}
	}
	return nil
}
