package seed

import (
	"context"
	"encoding/json"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/calendar"
	"virtualschool/internal/postgres"
)

// Empty says whether nobody has an account and no child is on record: the seed fills nothing else.
func Empty(ctx context.Context, db *postgres.DB) (bool, error) {
	var empty bool
	var batch postgres.Batch
	postgres.Value(&batch, &empty, `select not exists (select from child) and not exists (select from account where role <> 'service') and not exists (select from setting)`, nil)
	err := db.View(ctx, access.System, &batch)
	return empty, err
}

// BrokenOff says whether a seed began to fill this database and never finished.
func BrokenOff(ctx context.Context, db *postgres.DB) (bool, error) {
	var broken bool
	var batch postgres.Batch
	postgres.Value(&batch, &broken, `select bool_or(action = 'began') is true and bool_or(action = 'finished') is not true
		from audit_change where child_id is null and subject = 'demonstration'`, nil)
	err := db.View(ctx, access.System, &batch)
	return broken, err
}

func note(ctx context.Context, db *postgres.DB, action string, options Options) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		return audit.Change(ctx, tx, audit.Entry{Subject: "demonstration", SubjectID: options.Children, Action: action, After: map[string]any{"children": options.Children, "random": options.Random}})
	})
}

// putSchools writes the settings, which a register's file brings otherwise.
func putSchools(ctx context.Context, db *postgres.DB, schools []*school, ownCode, ownName string) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		var places []map[string]any
		for n, school := range schools {
			places = append(places, school.place(n, ownCode, ownName))
		}
		rows, err := json.Marshal(places)
		if err != nil {
			return err
		}
		args := postgres.Args{"rows": string(rows)}
		if _, err := tx.Do(ctx, `insert into local_authority (code, name)
			select distinct x->>'authority_code', x->>'authority_name' from jsonb_array_elements(@rows::jsonb) x on conflict do nothing`, args); err != nil {
			return err
		}
		ids, err := postgres.ListValues[int64](ctx, tx, `insert into setting (urn, name, authority_code, authority_name, establishment_number, type_code, type_name,
				phase_code, phase_name, low_age, high_age, sixth_form, nursery, gender, religious_character, street, town, postcode, telephone, website,
				opened_on, source, as_at)
			select x.urn, x.name, x.authority_code, x.authority_name, x.establishment_number, x.type_code, x.type_name, x.phase_code, x.phase_name, x.low_age,
				x.high_age, x.sixth_form, x.nursery, x.gender, x.religious_character, x.street, x.town, x.postcode, x.telephone, x.website,
				date '1996-09-01', 'gias', @today::date
			from jsonb_to_recordset(@rows::jsonb) x (urn int, name text, authority_code text, authority_name text, establishment_number text, type_code int,
				type_name text, phase_code int, phase_name text, low_age int, high_age int, sixth_form boolean, nursery boolean, gender text,
				religious_character text, street text, town text, postcode text, telephone text, website text)
			order by x.urn returning id`, args)
		if err != nil {
			return err
		}
		for n, id := range ids {
			schools[n].id = id
		}
		return audit.Change(ctx, tx, audit.Entry{Subject: "setting", SubjectID: "register", Action: "loaded", After: map[string]any{"settings": len(ids)}})
	})
}

// closeSchools lets the register's next file close a school, with its successor, and announce a closure.
func closeSchools(ctx context.Context, db *postgres.DB, schools []*school, closed calendar.Date, next calendar.Date) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		for _, one := range schools {
			if one.status == "" {
				continue
			}
			args := postgres.Args{"id": one.id, "status": one.status, "on": next, "urn": one.urn, "name": one.name}
			if one.status == "closed" {
				args["on"] = closed
			}
			if err := tx.DoOne(ctx, `update setting set status = @status, closed_on = @on::date, version = version + 1 where id = @id`, args); err != nil {
				return err
			}
			for _, other := range schools {
				if other.name != one.successor {
					continue
				}
				args["other"], args["other_name"] = other.urn, other.name
				if _, err := tx.Do(ctx, `insert into setting_link (urn, link_urn, link_name, link_type, established_on, as_at) values
					(@urn, @other, @other_name, 'Successor', @on::date, @today), (@other, @urn, @name, 'Predecessor', @on::date, @today)`, args); err != nil {
					return err
				}
			}
			if err := audit.Change(ctx, tx, audit.Entry{Subject: "setting", SubjectID: one.id, Action: one.status}); err != nil {
				return err
			}
		}
		return nil
	})
}

// dropMail takes back the mail of the story: what happened months ago is no news.
func dropMail(ctx context.Context, db *postgres.DB) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from river_job where kind = 'notice'`, nil)
		return err
	})
}

// annual is what the return brings of a child, beside what people enter.
type annual struct {
	ethnicity string
	need      string // category of need
	legal     []stay // after the first
	reviews   []review
	scores    []score
	from      calendar.Date // into care
}

type review struct {
	On   calendar.Date `json:"on"`
	Code string        `json:"code"`
}

type score struct {
	Year  int `json:"year"`
	Score int `json:"score"`
}

// putReturn writes what comes with the return and no page makes: ethnic group, category of need,
// changes of legal status, care reviews and the yearly strengths and difficulties score.
func putReturn(ctx context.Context, db *postgres.DB, childID int64, of annual) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		args := postgres.Args{"child": childID, "ethnicity": of.ethnicity, "need": of.need, "from": of.from, "reviews": of.reviews, "scores": of.scores}
		if of.reviews == nil {
			args["reviews"] = []review{}
		}
		if of.scores == nil {
			args["scores"] = []score{}
		}
		for _, sql := range []string{
			`update child set ethnicity = @ethnicity where id = @child`,
			`insert into category_of_need (child_id, code, period, source) values (@child, @need, daterange(@from, null), 'seed')`,
			`insert into care_review (child_id, held_on, participation_code, source)
				select @child, (x->>'on')::date, x->>'code', 'seed' from jsonb_array_elements(@reviews::jsonb) x`,
			`insert into sdq_assessment (child_id, return_year, score, source)
				select @child, (x->>'year')::int, (x->>'score')::int, 'seed' from jsonb_array_elements(@scores::jsonb) x`,
		} {
			if _, err := tx.Do(ctx, sql, args); err != nil {
				return err
			}
		}
		for _, status := range of.legal {
			change := postgres.Args{"child": childID, "code": status.code, "from": status.from}
			if err := tx.DoOne(ctx, `update legal_status set period = daterange(lower(period), @from) where child_id = @child and upper_inf(period)`, change); err != nil {
				return err
			}
			if err := tx.DoOne(ctx, `insert into legal_status (child_id, code, period, source) values (@child, @code, daterange(@from, null), 'seed')`, change); err != nil {
				return err
			}
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "return", SubjectID: childID, Action: "loaded",
			After: map[string]any{"reviews": len(of.reviews), "legal": len(of.legal)}})
	})
}

// putShortBreaks makes the legal status one of short breaks: the services refuse such a child, but
// the return has them.
func putShortBreaks(ctx context.Context, db *postgres.DB, childID int64) error {
	return db.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		if err := tx.DoOne(ctx, `update legal_status set code = 'V4' where child_id = @child`, postgres.Args{"child": childID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: childID, Subject: "legal_status", SubjectID: childID, Action: "loaded", After: map[string]any{"code": "V4"}})
	})
}
