package job

import (
	"context"
	"time"

	"virtualschool/internal/access"
	"virtualschool/internal/postgres"
)

// Notice is mail to a person: that there is something to do, and where. Subject and Words are fixed
// sentences of the program and name no child; Path is a page that asks to sign in.
type Notice struct {
	AccountID int64  `json:"account_id"`
	Subject   string `json:"subject"`
	Words     string `json:"words"`
	Path      string `json:"path"`
}

// Kind names the job.
func (Notice) Kind() string { return "notice" }

// Notify sends a notice when the transaction commits. It goes to the address the person has at the
// moment of sending, and to nobody when the account has ended by then.
func Notify(ctx context.Context, tx *postgres.Tx, notice Notice) error {
	return Enqueue(ctx, tx, notice)
}

// Deliver has the queue send notices by post.
func (q *Queue) Deliver(post *Post) {
	Register(q, time.Minute, func(ctx context.Context, notice Notice) error {
		type person struct{ Email string }
		var to *person
		var batch postgres.Batch
		postgres.Maybe(&batch, &to, `select email from account where id = @id and state = 'active'`, postgres.Args{"id": notice.AccountID})
		if err := q.db.View(ctx, access.System, &batch); err != nil {
			return err
		}
		if to == nil {
			return nil
		}
		return post.Send(ctx, Letter{To: to.Email, Subject: notice.Subject, Words: notice.Words, Path: notice.Path})
	})
}
