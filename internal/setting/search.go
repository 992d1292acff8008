package setting

import (
	"strconv"
	"strings"
	"unicode"

	"virtualschool/internal/identifier"
	"virtualschool/internal/postgres"
)

// Search says which settings to look for. Without words nothing is found.
type Search struct {
	Words         string // of the name, town or postcode; or a URN or DfE number
	AuthorityCode string // settings in this authority come first among equals
	OnlyOpen      bool   // those a child can go to: open, or open and proposed to close
	Limit         int    // 20 when 0
}

// mostWords is how many words of a search are looked at.
const mostWords = 6

// QueueSearch queues the settings nearest to what was typed, open and closing ones first. A slip of
// spelling still finds; every word must be near some word of the name, town or postcode.
func QueueSearch(batch *postgres.Batch, into *[]Found, search Search) {
	condition, args, ranked := searchCondition(search.Words)
	if condition == "" {
		return
	}
	args["authority"], args["limit"] = search.AuthorityCode, search.Limit
	if search.Limit == 0 {
		args["limit"] = 20
	}
	if search.OnlyOpen {
		condition += ` and s.status in ('open', 'closing')`
	}
	order := `s.name`
	if ranked {
		// Below the default, so that one wrong letter in a short word is forgiven.
		batch.Exec(`select set_config('pg_trgm.word_similarity_threshold', '0.4', true)`, nil)
		order = `word_similarity(plain_name(@words), s.search_name) desc, (s.authority_code = @authority) is true desc, s.name`
	}
	postgres.Many(batch, into, `select s.id, coalesce(s.urn, 0) as urn, s.name, coalesce(s.town, '') as town, coalesce(s.postcode, '') as postcode,
			coalesce(s.authority_code, '') as authority_code, coalesce(s.authority_name, '') as authority_name,
			coalesce(s.phase_name, '') as phase_name, coalesce(s.type_name, '') as type_name, s.status, s.source
		from setting s where `+condition+`
		order by s.status in ('open', 'closing') desc, `+order+`, s.id limit @limit`, args)
}

// searchCondition is the search as SQL; empty when nothing was typed that could be looked for.
func searchCondition(typed string) (condition string, args postgres.Args, ranked bool) {
	args = postgres.Args{}
	typed = strings.TrimSpace(typed)
	if urn, err := identifier.ParseURN(typed); err == nil {
		args["urn"], _ = strconv.Atoi(string(urn))
		return `s.urn = @urn`, args, false
	}
	if number, err := identifier.ParseLAESTAB(typed); err == nil {
		args["la"], args["number"] = number.LA(), number.Establishment()
		return `s.authority_code = @la and s.establishment_number = @number`, args, false
	}
	words := strings.FieldsFunc(typed, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "", nil, false
	}
	if len(words) > mostWords {
		words = words[:mostWords]
	}
	var each []string
	for i, word := range words {
		name := "word" + strconv.Itoa(i)
		args[name] = word
		each = append(each, `(s.search_name like '%' || plain_name(@`+name+`) || '%' or plain_name(@`+name+`) <% s.search_name)`)
	}
	args["words"] = strings.Join(words, " ")
	condition = `plain_name(@words) <> '' and ` + strings.Join(each, " and ")
	if together := strings.ToLower(strings.Join(words, "")); hasDigit(together) && len(together) <= 7 {
		// A postcode typed without its space, or with one in the wrong place.
		args["postcode"] = together
		condition = `(` + condition + ` or replace(lower(s.postcode), ' ', '') like @postcode || '%')`
	}
	return `(` + condition + `)`, args, true
}

func hasDigit(text string) bool {
	return strings.ContainsAny(text, "0123456789")
}
