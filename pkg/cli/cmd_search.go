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

	score int
	at    time.Time
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
		_, err := rd.Find(func(inc incident.Incident) bool {
			if inc.Opened.Before(since) || !mayHold(inc, words) {
				return false
			}
			if m, ok := c.match(view.For(inc, c.audience), words); ok {
				r.Matches = append(r.Matches, m)
			}
			return false
		})
		if err != nil {
			return err
		}
		slices.SortStableFunc(r.Matches, func(a, b matchJSON) int { return cmp.Or(cmp.Compare(b.score, a.score), b.at.Compare(a.at)) })
		if c.limit > 0 && len(r.Matches) > c.limit {
			r.More = len(r.Matches) - c.limit
			r.Matches = r.Matches[:c.limit]
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

// mayHold passes over incidents that nobody would find by the words, before a view is made of them.
func mayHold(inc incident.Incident, words []string) bool {
	for _, w := range words {
		held := strings.Contains(strings.ToLower(inc.Title+"\n"+inc.Headline()+"\n"+inc.Cause+"\n"+strings.Join(inc.Tags, "\n")), w) ||
			slices.ContainsFunc(inc.Components, func(k incident.Component) bool { return strings.Contains(strings.ToLower(k.Name), w) }) ||
			slices.ContainsFunc(inc.Timeline, func(e incident.Entry) bool { return strings.Contains(strings.ToLower(e.Text), w) })
		if !held {
			return false
		}
	}
	return true
}

// How much a word counts by where it stands.
const (
	inTitle     = 100
	inComponent = 20
	inReport    = 5
	inText      = 1
)

// match looks for the words in what an audience may see.
func (c *searchCmd) match(v view.View, words []string) (matchJSON, bool) {
	fold := func(s string) string { return strings.ToLower(s) }
	tagged := c.tag == "" || slices.ContainsFunc(v.Tags, func(t string) bool { return strings.EqualFold(t, c.tag) })
	touched := c.component == "" || slices.ContainsFunc(v.Components, func(k view.Component) bool { return strings.EqualFold(k.Name, c.component) })
	caused := strings.Contains(fold(v.Cause), fold(strings.TrimSpace(c.cause)))
	if !v.Visible || !tagged || !touched || !caused {
		return matchJSON{}, false
	}
	m := matchJSON{Incident: v.ID, Name: firstOf(v.Title, v.Headline), Status: v.Status.String(), Opened: moment(v.Opened), Postmortem: len(v.Postmortems) > 0, at: v.Opened}
	names := fold(v.Cause + "\n" + strings.Join(v.Tags, "\n"))
	for _, k := range v.Components {
		names += "\n" + fold(k.Name)
	}
	for _, w := range words {
		found := false
		add := func(points int, text string) bool {
			if !strings.Contains(text, w) {
				return false
			}
			found = true
			m.score += points
			return true
		}
		add(inTitle, fold(v.Title+"\n"+v.Headline))
		add(inComponent, names)
		for _, p := range v.Postmortems {
			if add(inReport, fold(p.Text)) && m.Snippet == "" {
				m.Where, m.Snippet = "postmortem", snippet(p.Text, w)
			}
		}
		for _, u := range v.Updates {
			if add(inText, fold(u.Text)) && m.Snippet == "" {
				m.Where, m.Snippet = u.Audience.String(), snippet(u.Text, w)
			}
		}
		if !found {
			return m, false
		}
	}
	return m, true
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
