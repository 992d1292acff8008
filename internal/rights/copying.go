package rights

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"virtualschool/internal/access"
	"virtualschool/internal/audit"
	"virtualschool/internal/fault"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights/record"
)

// Review is the record a request is about, or some chapters of it, with what readers decided so far. All
// that is held is read as the program, once the actor was asked whether the child is theirs to see and
// whether they may. Whoever shows it has written the look to the audit.
func (s *Service) Review(ctx context.Context, actor access.Actor, of Ref, chapters ...record.Chapter) (Request, Review, error) {
	if err := access.Check(actor, access.HandleSubjectAccess, access.Facts{}); err != nil {
		return Request{}, Review{}, err
	}
	var request Request
	var own postgres.Batch
	QueueRequest(&own, &request, of.ChildID, of.ID)
	if err := s.DB.View(ctx, actor, &own); err != nil {
		return Request{}, Review{}, err
	}
	var batch postgres.Batch
	review := queueReview(&batch, s.Forms, of.ChildID, of.ID, chapters...)
	if err := s.DB.View(ctx, access.System, &batch); err != nil {
		return Request{}, Review{}, err
	}
	return request, review(), nil
}

// Decide keeps what is shared of one passage. NotFound: there is no such text. Problems are about the
// fields "decision", "words" and "reason".
func (s *Service) Decide(ctx context.Context, actor access.Actor, of Ref, passage string, deciding Deciding) error {
	_, review, err := s.Review(ctx, actor, of)
	if err != nil {
		return err
	}
	value, chapter, found := review.Record.Passage(passage)
	if !found {
		return fault.NotFound()
	}
	if deciding, err = deciding.check(value); err != nil {
		return err
	}
	return s.reading(ctx, actor, of, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `insert into subject_access_passage (request_id, child_id, passage, decision, words, of_text, reason, why, decided_by, decided_at)
			values (@request, @child, @passage, @decision, @words, @sum, @reason, @why, @actor, @now)
			on conflict (request_id, passage) do update set decision = excluded.decision, words = excluded.words, of_text = excluded.of_text, reason = excluded.reason,
				why = excluded.why, decided_by = excluded.decided_by, decided_at = excluded.decided_at`,
			postgres.Args{"request": of.ID, "child": of.ChildID, "passage": passage, "decision": deciding.Decision, "words": deciding.Words, "sum": sum(value.Text),
				"reason": deciding.Reason, "why": deciding.Why, "actor": actor.ID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: of.ChildID, Subject: "subject_access", SubjectID: of.ID, Action: "decided what is shared",
			After: map[string]any{"chapter": chapter, "passage": passage, "decision": deciding.Decision, "reason": deciding.Reason}})
	})
}

// MarkRead says that the actor went through the texts of a chapter as they stand. Conflict: seen, the sum
// of the texts that were shown, is not that of those that stand there now.
func (s *Service) MarkRead(ctx context.Context, actor access.Actor, of Ref, chapter record.Chapter, seen string) error {
	if !chapter.Known() {
		return fault.NotFound()
	}
	_, review, err := s.Review(ctx, actor, of, chapter)
	if err != nil {
		return err
	}
	passages := review.Record.Passages(chapter)
	if seen != review.Seen(chapter) {
		return fault.Conflict("Something was written in this part since you opened it. Read it again.")
	}
	return s.reading(ctx, actor, of, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Do(ctx, `insert into subject_access_reading (request_id, child_id, chapter, of_texts, read_by, read_at) values (@request, @child, @chapter, @sum, @actor, @now)
			on conflict (request_id, chapter) do update set of_texts = excluded.of_texts, read_by = excluded.read_by, read_at = excluded.read_at`,
			postgres.Args{"request": of.ID, "child": of.ChildID, "chapter": chapter, "sum": sumOf(passages), "actor": actor.ID}); err != nil {
			return err
		}
		return audit.Change(ctx, tx, audit.Entry{ChildID: of.ChildID, Subject: "subject_access", SubjectID: of.ID, Action: "read a part", After: map[string]any{"chapter": chapter, "texts": len(passages)}})
	})
}

// Seen names the texts of a chapter as they stand, for the form that says they were read.
func (r Review) Seen(chapter record.Chapter) string {
	return fmt.Sprintf("%x", sumOf(r.Record.Passages(chapter)))
}

// reading changes what readers keep of a request that is being prepared.
func (s *Service) reading(ctx context.Context, actor access.Actor, of Ref, change func(ctx context.Context, tx *postgres.Tx) error) error {
	return s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		was, err := lock(ctx, tx, of.ChildID, of.ID)
		if err != nil {
			return err
		}
		if was.State != Open {
			return moved(was)
		}
		// A copy that is being made now is made of what was decided before, so it must not be kept.
		if err := tx.DoOne(ctx, `update subject_access set version = version + 1 where id = @request`, postgres.Args{"request": of.ID}); err != nil {
			return err
		}
		return change(ctx, tx)
	})
}

// Prepare makes the copy: a PDF to read, JSON for other programs, and the files that go with them. It is
// made when it is clear who asks and every part with typed text in it was read as it stands. Unavailable: no
// PDF files are made here.
func (s *Service) Prepare(ctx context.Context, actor access.Actor, of Ref, version int) error {
	request, review, err := s.Review(ctx, actor, of)
	if err != nil {
		return err
	}
	switch unread := review.Unread(); {
	case request.State != Open || request.Version != version:
		return moved(request)
	case !request.Identified():
		return fault.Conflict("First say how you checked who asks.")
	case len(unread) > 0:
		return fault.Conflict("“" + unread[0].Title() + "” has not been read as it stands now. Read it first.")
	}
	shared, leftOut := review.Shared()
	files, err := s.files(ctx, of, shared, leftOut)
	if err != nil {
		return err
	}
	passages := 0
	for _, chapter := range record.Chapters {
		passages += len(shared.Passages(chapter))
	}
	return s.move(ctx, actor, of, version, access.HandleSubjectAccess, func(ctx context.Context, tx *postgres.Tx, was Request) (string, map[string]any, error) {
		for n, file := range files {
			hash := sha256.Sum256(file.Content)
			if err := tx.DoOne(ctx, `insert into subject_access_file (request_id, child_id, number, name, media_type, content, sha256) values (@request, @child, @number, @name, @type, @content, @sum)`,
				postgres.Args{"request": of.ID, "child": of.ChildID, "number": n + 1, "name": file.Name, "type": file.MediaType, "content": file.Content, "sum": hash[:]}); err != nil {
				return "", nil, err
			}
		}
		return "prepared", map[string]any{"passages": passages, "left_out": leftOut, "files": len(files)},
			tx.DoOne(ctx, `update subject_access set state = 'prepared', prepared_by = @actor, prepared_at = @now, passages = @passages, left_out = @left, version = version + 1
				where id = @request and version = @version and state = 'open'`,
				postgres.Args{"request": of.ID, "version": was.Version, "actor": actor.ID, "passages": passages, "left": leftOut})
	})
}

// files are the copy: what is read by people, by programs, and what goes with it.
func (s *Service) files(ctx context.Context, of Ref, shared record.Record, leftOut int) ([]Content, error) {
	var documents []document
	var batch postgres.Batch
	queueDocuments(&batch, &documents, of.ChildID, shared.Files())
	if err := s.DB.View(ctx, access.System, &batch); err != nil {
		return nil, err
	}
	copy := Copy{ChildID: of.ChildID, Record: shared, LeftOut: leftOut, MadeOn: s.DB.Today()}
	for n, file := range documents {
		documents[n].Name = fmt.Sprintf("file-%d-%s", file.ID, file.Name)
		copy.Files = append(copy.Files, documents[n].Name)
	}
	paper, err := s.Paper(ctx, copy)
	if err != nil {
		return nil, err
	}
	printed, err := s.Printer.Print(ctx, paper)
	if err != nil {
		return nil, err
	}
	data, err := copy.JSON()
	if err != nil {
		return nil, err
	}
	files := []Content{{"record.pdf", "application/pdf", printed}, {"record.json", "application/json", data}}
	for _, file := range documents {
		files = append(files, Content{file.Name, file.MediaType, file.Content})
	}
	return files, nil
}

// JSON is the copy for other programs: the parts in order, each entry with its facts in order.
func (c Copy) JSON() ([]byte, error) {
	type fact struct {
		Label string `json:"label"`
		Value string `json:"value"`
	}
	type part struct {
		Chapter string   `json:"chapter"`
		Title   string   `json:"title"`
		Entries [][]fact `json:"entries"`
	}
	all := struct {
		MadeOn  string   `json:"made_on"`
		LeftOut int      `json:"passages_with_something_left_out"`
		Parts   []part   `json:"parts"`
		Files   []string `json:"files"`
	}{MadeOn: c.MadeOn.String(), LeftOut: c.LeftOut, Parts: []part{}, Files: c.Files}
	for _, chapter := range record.Chapters {
		for _, held := range c.Record.Of(chapter) {
			made := part{Chapter: chapter.Title(), Title: held.Title}
			for _, entry := range held.Entries {
				facts := make([]fact, len(entry.Values))
				for n, value := range entry.Values {
					facts[n] = fact{value.Label, value.Text}
				}
				made.Entries = append(made.Entries, facts)
			}
			all.Parts = append(all.Parts, made)
		}
	}
	return json.MarshalIndent(all, "", "  ")
}

// Fetch is one file of a copy. NotFound: there is none, or it is no longer kept. The fetching is audited.
func (s *Service) Fetch(ctx context.Context, actor access.Actor, of Ref, number int) (Content, error) {
	if err := access.Check(actor, access.FetchSubjectAccess, access.Facts{}); err != nil {
		return Content{}, err
	}
	var file Content
	var batch postgres.Batch
	QueueContent(&batch, &file, of.ChildID, of.ID, number)
	if err := s.DB.View(ctx, actor, &batch); err != nil {
		return Content{}, err
	}
	err := s.DB.Change(ctx, actor, func(ctx context.Context, tx *postgres.Tx) error {
		return audit.Change(ctx, tx, audit.Entry{ChildID: of.ChildID, Subject: "subject_access", SubjectID: of.ID, Action: "fetched a file", After: map[string]any{"number": number}})
	})
	return file, err
}

// Forget removes copies that are no longer given out. What was asked, decided and done stays.
func (s *Service) Forget(ctx context.Context) error {
	return s.DB.Change(ctx, access.System, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Do(ctx, `delete from subject_access_file f using subject_access r where r.id = f.request_id and r.expires_on <= @today`, nil)
		return err
	})
}
