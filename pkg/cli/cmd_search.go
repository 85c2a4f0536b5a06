package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/view"
)

type searchCmd struct {
	*deps
	audience  incident.Audience
	component string
	tag       string
	cause     string
	since     string
	limit     int
}

func newSearch(d *deps) *cobra.Command {
	c := searchCmd{deps: d, audience: incident.Technical}
	cmd := &cobra.Command{
		Use:   "search WORDS...",
		Short: "Find incidents by what was said in them: have we seen this before?",
		Long: `Finds the incidents that hold all of the words, in their title, headline, components, tags, cause, notes and published
postmortems, as far as the audience may read them. Letter case does not count, and a part of a word is enough. Those with
the words in their title come first, then the newest.`,
		Example: "incident search pool exhausted\nincident search timeout --component Checkout --since 2025-01-01 -o json",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	audienceFlag(cmd, &c.audience, "search what these may read")
	f := cmd.Flags()
	f.StringVar(&c.component, "component", "", "only incidents that touched this `COMPONENT`")
	f.StringVar(&c.tag, "tag", "", "only incidents with this `TAG`")
	f.StringVar(&c.cause, "cause", "", "only incidents whose cause holds these `WORDS`")
	must(cmd.RegisterFlagCompletionFunc("tag", d.completeUsed(tagsOf)))
	must(cmd.RegisterFlagCompletionFunc("cause", d.completeUsed(causesOf)))
	f.StringVar(&c.since, "since", "", "only incidents opened since a `TIME`")
	f.IntVar(&c.limit, "limit", 20, "at most so many; 0 for all")
	return cmd
}

// foundJSON is the answer to search.
type foundJSON struct {
	Schema   string            `json:"schema"`
	Audience incident.Audience `json:"audience"`
	Matches  []matchJSON       `json:"matches"`
	More     int               `json:"more"`
}

// matchJSON is an incident that was found.
type matchJSON struct {
	Incident   string    `json:"incident"`
	Name       string    `json:"name"`
	Status     string    `json:"status"`
	Opened     *timeJSON `json:"opened"`
	Where      string    `json:"where"`
	Snippet    string    `json:"snippet"`
	Postmortem bool      `json:"postmortem"`

	score      int
	at         time.Time
	text, word string // the snippet is made of
}

func (r foundJSON) ids() []string {
	var list []string
	for _, m := range r.Matches {
		list = append(list, m.Incident)
	}
	return list
}

func (r foundJSON) table(d *deps) {
	for _, m := range r.Matches {
		d.out.Line(terminal.Bold(m.Incident), "  ", terminal.Safe(m.Name), terminal.Dim("  "+m.Status+", "+d.clock(m.at)))
		if m.Snippet != "" {
			d.out.Line(terminal.Wrap(terminal.Safe(m.Where+": "+m.Snippet), d.outWidth, "  "))
		}
	}
}

func (c *searchCmd) run(ctx context.Context, args []string) error {
	words := searchWords(strings.Join(args, " "))
	if len(words) == 0 && c.component == "" && c.tag == "" && c.cause == "" {
		return usage("incident search pool exhausted", "no words to search for")
	}
	since, err := c.moment("--since", c.since)
	if err != nil {
		return err
	}
	return c.withRecord(ctx, func(_ *record.Record, rd *record.Reader) error {
		r := foundJSON{Schema: schema, Audience: c.audience, Matches: []matchJSON{}}
		look := func(inc incident.Incident) *matchJSON {
			if inc.Opened.Before(since) {
				return nil
			}
			v, said := view.Words(inc, c.audience)
			if m, ok := c.match(v, said, words); ok {
				return &m
			}
			return nil
		}
		err := record.Visit(rd, entriesHold(words), look, func(m *matchJSON) {
			if m != nil {
				r.Matches = append(r.Matches, *m)
			}
		})
		if err != nil {
			return err
		}
		slices.SortStableFunc(r.Matches, func(a, b matchJSON) int { return cmp.Or(cmp.Compare(b.score, a.score), b.at.Compare(a.at)) })
		if c.limit > 0 && len(r.Matches) > c.limit {
			r.More = len(r.Matches) - c.limit
			r.Matches = r.Matches[:c.limit]
		}
		for i := range r.Matches { // only now: most are not shown
			if m := &r.Matches[i]; m.word != "" {
				m.Snippet = snippet(m.text, m.word)
			}
		}
		if err := c.print(r); err != nil {
			return err
		}
		switch {
		case len(r.Matches) == 0:
			c.say("Nothing that " + c.audience.Readers() + " may read holds that.")
		case r.More > 0:
			c.say("There are more: --limit 0 shows all.")
		}
		return nil
	})
}

// searchWords are the words of a text in lower case, each once.
func searchWords(s string) []string {
	words := strings.FieldsFunc(strings.ToLower(s), unicode.IsSpace)
	slices.Sort(words)
	return slices.Compact(words)
}

// entriesHold are the parts of words that must stand in the entries of an incident that holds the words. What else may be
// found are the headlines that nobody gave.
func entriesHold(words []string) []string {
	var parts []string
	for _, w := range words {
		if part := incident.GivenPart(w); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// How much a word counts by where it stands.
const (
	inTitle     = 100
	inComponent = 20
	inReport    = 5
	inText      = 1
)

// match looks for the words in what an audience may see.
func (c *searchCmd) match(v view.View, said []view.Said, words []string) (matchJSON, bool) {
	fold := func(s string) string { return strings.ToLower(s) }
	tagged := c.tag == "" || slices.ContainsFunc(v.Tags, func(t string) bool { return strings.EqualFold(t, c.tag) })
	touched := c.component == "" || slices.ContainsFunc(v.Components, func(k view.Component) bool { return strings.EqualFold(k.Name, c.component) })
	caused := strings.Contains(fold(v.Cause), fold(strings.TrimSpace(c.cause)))
	if !v.Visible || !tagged || !touched || !caused {
		return matchJSON{}, false
	}
	m := matchJSON{Incident: v.ID, Name: firstOf(v.Title, v.Headline), Status: v.Status.String(), Opened: moment(v.Opened), Postmortem: len(v.Postmortems) > 0, at: v.Opened}
	title, names := fold(v.Title+"\n"+v.Headline), fold(v.Cause+"\n"+strings.Join(v.Tags, "\n"))
	for _, k := range v.Components {
		names += "\n" + fold(k.Name)
	}
	texts := make([]searched, 0, len(v.Postmortems)+len(said))
	for _, p := range v.Postmortems {
		texts = append(texts, searched{p.Text, fold(p.Text), "postmortem", inReport})
	}
	for _, u := range said {
		texts = append(texts, searched{u.Text, fold(u.Text), u.Audience.String(), inText})
	}
	for _, w := range words {
		before := m.score
		if strings.Contains(title, w) {
			m.score += inTitle
		}
		if strings.Contains(names, w) {
			m.score += inComponent
		}
		for _, t := range texts {
			if !strings.Contains(t.low, w) {
				continue
			}
			m.score += t.points
			if m.word == "" {
				m.Where, m.text, m.word = t.where, t.text, w
			}
		}
		if m.score == before {
			return m, false
		}
	}
	return m, true
}

// searched is a text that is looked through.
type searched struct {
	text, low string
	where     string
	points    int
}

// snippet is a text around a word, in one line.
func snippet(text, word string) string {
	line := oneLine(text)
	runes, at := []rune(line), strings.Index(strings.ToLower(line), word)
	if at < 0 || len(runes) <= 160 {
		return string(runes[:min(len(runes), 160)])
	}
	from := max(0, len([]rune(line[:min(at, len(line))]))-60)
	cut := string(runes[from:min(len(runes), from+160)])
	if from > 0 {
		cut = "… " + cut
	}
	return cut + " …"
}
