package rights

import (
	"context"

	"virtualschool/internal/calendar"
	"virtualschool/internal/pep/forms"
	"virtualschool/internal/postgres"
	"virtualschool/internal/rights/record"
)

const requestSQL = `select r.id, r.child_id, r.asked_by, r.asked_name, r.came_how, r.received_on, r.identity_how, r.identity_on, r.entitled, r.extended_on, r.extension_reason,
		r.state, logged.name as logged_by_name, coalesce(r.passages, 0) as passages, coalesce(r.left_out, 0) as left_out,
		coalesce(r.prepared_by, 0) as prepared_by, coalesce(prepared.name, '') as prepared_by_name, r.prepared_at, r.returned_words, coalesce(returned.name, '') as returned_by_name,
		coalesce(released.name, '') as released_by_name, r.released_at, r.expires_on, r.handed_on, coalesce(r.handed_how, '') as handed_how, coalesce(handed.name, '') as handed_by_name,
		coalesce(r.closed_words, '') as closed_words, coalesce(closed.name, '') as closed_by_name, r.closed_at, r.version
	from subject_access r join account logged on logged.id = r.logged_by
		left join account prepared on prepared.id = r.prepared_by left join account returned on returned.id = r.returned_by
		left join account released on released.id = r.released_by left join account handed on handed.id = r.handed_by left join account closed on closed.id = r.closed_by`

// QueueRequests queues the requests about a child, newest first.
func QueueRequests(batch *postgres.Batch, into *[]Request, childID int64) {
	postgres.Many(batch, into, requestSQL+` where r.child_id = @child order by r.received_on desc, r.id desc`, postgres.Args{"child": childID})
}

// QueueRequest queues one request about a child; one that is not there fails the batch with NotFound.
func QueueRequest(batch *postgres.Batch, into *Request, childID, id int64) {
	postgres.One(batch, into, requestSQL+` where r.child_id = @child and r.id = @request`, postgres.Args{"child": childID, "request": id})
}

// Listed is a request in the list of all, with whose record it is about.
type Listed struct {
	ID            int64
	ChildID       int64
	Forename      string
	Surname       string
	PreferredName string
	LAChildID     string
	AskedBy       string
	ReceivedOn    calendar.Date
	IdentityOn    calendar.Date
	ExtendedOn    calendar.Date
	State         State
}

// Clock is how long the answer may take.
func (l Listed) Clock() Clock {
	return Clock{Received: l.ReceivedOn, IdentityOn: l.IdentityOn, ExtendedOn: l.ExtendedOn}
}

// QueueAll queues the newest requests about any child the actor may see: those under way first.
func QueueAll(batch *postgres.Batch, into *[]Listed) {
	postgres.Many(batch, into, `select r.id, r.child_id, coalesce(c.forename, '') as forename, coalesce(c.surname, '') as surname, coalesce(c.preferred_name, '') as preferred_name, c.la_child_id,
			r.asked_by, r.received_on, r.identity_on, r.extended_on, r.state
		from subject_access r join child c on c.id = r.child_id
		order by r.state not in ('open', 'prepared', 'released'), case when r.state in ('open', 'prepared', 'released') then r.received_on end, r.received_on desc, r.id desc limit 200`, nil)
}

// File is one file of a copy.
type File struct {
	Number    int
	Name      string
	MediaType string
	Bytes     int
}

// QueueFiles queues the files of a request's copy, without what is in them.
func QueueFiles(batch *postgres.Batch, into *[]File, childID, id int64) {
	postgres.Many(batch, into, `select number, name, media_type, length(content) as bytes from subject_access_file where child_id = @child and request_id = @request order by number`,
		postgres.Args{"child": childID, "request": id})
}

// Content is one file of a copy, whole.
type Content struct {
	Name      string
	MediaType string
	Content   []byte
}

// QueueContent queues a whole file of a copy, while it is given out.
func QueueContent(batch *postgres.Batch, into *Content, childID, id int64, number int) {
	postgres.One(batch, into, `select f.name, f.media_type, f.content from subject_access_file f join subject_access r on r.id = f.request_id
		where f.child_id = @child and f.request_id = @request and f.number = @number and (r.expires_on is null or r.expires_on > @today)`,
		postgres.Args{"child": childID, "request": id, "number": number})
}

// queueReview queues what readers go through: the record, or some chapters of it, and what was decided.
func queueReview(batch *postgres.Batch, plans forms.Set, childID, id int64, chapters ...record.Chapter) func() Review {
	held := record.Queue(batch, plans, childID, chapters...)
	review := new(Review)
	args := postgres.Args{"child": childID, "request": id}
	postgres.Many(batch, &review.Decided, `select p.passage, p.decision, p.words, p.of_text, p.reason, p.why, a.name as decided_by_name
		from subject_access_passage p join account a on a.id = p.decided_by where p.child_id = @child and p.request_id = @request`, args)
	postgres.Many(batch, &review.Read, `select r.chapter, r.of_texts, a.name as read_by_name from subject_access_reading r join account a on a.id = r.read_by
		where r.child_id = @child and r.request_id = @request`, args)
	return func() Review {
		review.Record = held()
		return *review
	}
}

type document struct {
	ID        int64
	Name      string
	MediaType string
	Content   []byte
}

func queueDocuments(batch *postgres.Batch, into *[]document, childID int64, numbers []int64) {
	postgres.Many(batch, into, `select id, name, media_type, content from document where child_id = @child and id = any(@numbers) order by id`,
		postgres.Args{"child": childID, "numbers": numbers})
}

// lock holds a request while it moves on; NotFound when it is not there or not theirs to see.
func lock(ctx context.Context, tx *postgres.Tx, childID, id int64) (Request, error) {
	return postgres.Get[Request](ctx, tx, requestSQL+` where r.child_id = @child and r.id = @request for update of r`, postgres.Args{"child": childID, "request": id})
}
