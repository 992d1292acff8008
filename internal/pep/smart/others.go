package smart

import (
	"virtualschool/internal/pep"
	"virtualschool/internal/postgres"
)

// mostOthers is how many texts of other children are brought to be compared: those that share most
// fingerprints.
const mostOthers = 40

// QueueOthers queues the texts of other children's targets that may be like those of a plan, as it
// is saved or, where texts are given, as somebody is writing it. Only targets of children whom the
// actor may see are read. They are candidates: Check says which are close. What the database cannot
// read of a text is left out: it is no word.
func QueueOthers(batch *postgres.Batch, into *[]string, ref pep.Ref, texts []string) {
	for n, text := range texts {
		texts[n] = postgres.Storable(text)
	}
	postgres.Values(batch, into, `with sought as (
			select t.what from pep_target t where t.pep_id = @pep and t.child_id = @child and @texts::text[] is null
			union select unnest(@texts::text[])
		), alike as (
			select p.target_id, count(*) as shared
			from sought s cross join lateral text_prints(s.what) f
			join pep_target_print p on p.place = f.place and p.print = f.print and p.child_id <> @child
			group by p.target_id order by shared desc limit @most::int)
		select distinct t.what from alike a join pep_target t on t.id = a.target_id`,
		postgres.Args{"pep": ref.PEPID, "child": ref.ChildID, "texts": texts, "most": mostOthers})
}
