package rights

import (
	"time"

	"virtualschool/internal/job"
)

// Work registers what is done in the background.
func (s *Service) Work(queue *job.Queue) {
	queue.Every(time.Hour, "forget copies of records that have expired", s.Forget)
}
