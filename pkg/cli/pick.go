package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/suggest"
)

// order says which incidents a command is likely about when none is named: those in the statuses of the
// first group that has any.
type order [][]incident.Status

var (
	// The statuses in which each group of commands makes sense, the likeliest first.
	unresolved = []incident.Status{incident.Investigating, incident.Identified, incident.Monitoring}
	resolved   = []incident.Status{incident.Resolved}
	closed     = []incident.Status{incident.Closed}

	notClosed     = order{unresolved, resolved}
	openFirst     = order{unresolved, resolved, closed}
	resolvedFirst = order{resolved, unresolved, closed}
	overFirst     = order{resolved, closed, unresolved}
)

func (o order) has(s incident.Status) bool {
	return slices.ContainsFunc(o, func(group []incident.Status) bool { return slices.Contains(group, s) })
}

// pick finds the incident that the user means: named, chosen for this shell or this clone, or the only one
// that the command makes sense for. It never guesses between two. implied: the user did not name it.
func (d *deps) pick(rec *record.Record, rd *record.Reader, named string, by order) (inc incident.Incident, implied bool, err error) {
	if ref := firstOf(named, d.incident, d.Env("INCIDENT_ID")); ref != "" {
		inc, err := resolve(rd, ref)
		return inc, false, err
	}
	inc, err = d.chosen(rec, rd, by)
	if err != nil || inc.ID != "" {
		return inc, true, err
	}
	open, err := rd.Open()
	if err != nil {
		return incident.Incident{}, false, err
	}
	for _, group := range by {
		found := slices.DeleteFunc(slices.Clone(open), func(i incident.Incident) bool { return !slices.Contains(group, i.Status) })
		more := 0
		if slices.Contains(group, incident.Closed) {
			if found, more, err = someClosed(rd); err != nil {
				return incident.Incident{}, false, err
			}
		}
		switch {
		case len(found) == 1:
			return found[0], true, nil
		case len(found) > 1:
			return incident.Incident{}, false, ambiguous(fmt.Sprintf("%s; which one?", howMany(len(found)+more, group)), found, more)
		}
	}
	found, more, err := someClosed(rd)
	switch {
	case err != nil:
		return incident.Incident{}, false, err
	case len(found) == 0:
		return incident.Incident{}, false, &advised{record.ErrNotFound, "there is no incident yet", `incident open "Checkout errors"`}
	}
	none := choose(record.ErrNotFound, "no incident is open; those that are closed:", found, more)
	none.remedy = "add -i " + found[0].ID + " to go on with that one all the same"
	return incident.Incident{}, false, none
}

// someClosed reads as many of the closed incidents as an error lists, and counts the others.
func someClosed(rd *record.Reader) (some []incident.Incident, more int, err error) {
	ids, err := rd.Closed()
	if err != nil {
		return nil, 0, err
	}
	return readSome(rd, ids)
}

// readSome reads as many of the incidents as an error lists, and counts the others.
func readSome(rd *record.Reader, ids []string) (some []incident.Incident, more int, err error) {
	for _, id := range ids[:min(most, len(ids))] {
		inc, err := rd.Incident(id)
		if err != nil {
			return nil, 0, err
		}
		some = append(some, inc)
	}
	return some, len(ids) - len(some), nil
}

// chosen is the incident that incident use chose for this clone, none where that is empty. A closed one is
// not passed over in silence: nobody can tell for which other one the words are meant.
func (d *deps) chosen(rec *record.Record, rd *record.Reader, by order) (incident.Incident, error) {
	id := rec.Current()
	if id == "" {
		return incident.Incident{}, nil
	}
	inc, err := rd.Incident(id)
	switch {
	case errors.Is(err, record.ErrNotFound):
		d.warn(fmt.Sprintf("%s, chosen with incident use, is not in this record; it is passed over", id))
		return incident.Incident{}, nil
	case err != nil:
		return incident.Incident{}, err
	case !by.has(inc.Status):
		return incident.Incident{}, &advised{
			record.ErrAmbiguous, fmt.Sprintf("%s, chosen with incident use, is %s", id, inc.Status),
			"choose another: incident use ID, or none: incident use --none; or add -i " + id,
		}
	}
	return inc, nil
}

// resolve finds the one incident that a reference means.
func resolve(rd *record.Reader, ref string) (incident.Incident, error) {
	ids, err := rd.Resolve(strings.TrimSuffix(ref, "…")) // a narrow table shows no more of it
	switch {
	case err != nil:
		return incident.Incident{}, err
	case len(ids) == 0:
		return incident.Incident{}, notFound(rd, ref)
	case len(ids) == 1:
		return rd.Incident(ids[0])
	}
	found, more, err := readSome(rd, ids)
	if err != nil {
		return incident.Incident{}, err
	}
	return incident.Incident{}, ambiguous(fmt.Sprintf("%q means %d incidents; which one?", ref, len(ids)), found, more)
}

// notFound names what there is instead.
func notFound(rd *record.Reader, ref string) error {
	ids, err := rd.IDs()
	if err != nil {
		return err
	}
	msg := fmt.Sprintf("no incident %q", ref)
	if len(ids) == 0 {
		return &advised{record.ErrNotFound, msg, `there is none yet: incident open "Checkout errors"`}
	}
	shown := ids[:min(most, len(ids))]
	e := &choiceError{advised: advised{record.ErrNotFound, msg, "incident list --all shows them all"}, names: shown, lines: shown}
	if meant := suggest.Closest(ref, parts(ids)); meant != "" {
		e.remedy = fmt.Sprintf("did you mean %s?", meant)
	}
	return e
}

// parts are identifiers, what follows the day in them, and the words of that.
func parts(ids []string) []string {
	var out []string
	for _, id := range ids {
		_, slug, _ := strings.Cut(id, "-")
		out = append(append(out, id, slug), strings.Split(slug, "-")...)
	}
	return out
}

func howMany(n int, group []incident.Status) string {
	state := "open"
	if group[0].Over() {
		state = group[0].String()
	}
	return fmt.Sprintf("%s incidents are %s", numberWord(n), state)
}

func numberWord(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	word := fmt.Sprint(n)
	if n < len(words) {
		word = words[n]
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// most is how many candidates an error lists.
const most = 10

func ambiguous(msg string, found []incident.Incident, more int) error {
	e := choose(record.ErrAmbiguous, msg, found, more)
	e.remedy = "add -i " + found[0].ID + ", or for all that follows: incident use " + found[0].ID
	return e
}

// choose names the candidates, and counts those that were not read.
func choose(kind error, msg string, found []incident.Incident, more int) *choiceError {
	e := &choiceError{advised: advised{kind: kind, msg: msg}}
	width := 0
	for _, inc := range found[:min(most, len(found))] {
		e.names = append(e.names, inc.ID)
		width = max(width, len(inc.ID))
	}
	for _, inc := range found[:len(e.names)] {
		e.lines = append(e.lines, fmt.Sprintf("%-*s   %s  %s", width, inc.ID, inc.Severity, inc.Status))
	}
	if more += len(found) - len(e.names); more > 0 {
		e.lines = append(e.lines, fmt.Sprintf("… and %d more: incident list --all", more))
	}
	return e
}

// findEntry finds the one entry that a reference means, in the chosen incident or else in all of them.
func (d *deps) findEntry(rd *record.Reader, ref string) (record.EntryRef, error) {
	found, err := rd.FindEntry(strings.TrimSuffix(ref, ".md"))
	if err != nil {
		return record.EntryRef{}, err
	}
	if only := firstOf(d.incident, d.Env("INCIDENT_ID")); only != "" && len(found) > 0 {
		inc, err := resolve(rd, only)
		if err != nil {
			return record.EntryRef{}, err
		}
		found = slices.DeleteFunc(found, func(r record.EntryRef) bool { return r.Incident != inc.ID })
	}
	switch len(found) {
	case 0:
		return record.EntryRef{}, &advised{record.ErrNotFound, fmt.Sprintf("no entry %q", ref), "incident log shows the names of entries"}
	case 1:
		return found[0], nil
	}
	e := &choiceError{advised: advised{record.ErrAmbiguous, fmt.Sprintf("%q means %d entries; which one?", ref, len(found)), "write more of its name"}}
	for _, r := range found[:min(most, len(found))] {
		e.names = append(e.names, r.Name)
		e.lines = append(e.lines, r.Incident+"   "+r.Name)
	}
	return record.EntryRef{}, e
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// completeIncidents offers the identifiers of the record to the shell.
func (d *deps) completeIncidents(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	ids, err := d.listIDs(cmd.Context(), begun)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// completionReader reads the record for the shell: nothing is told of mistakes in the configuration, and none is made.
func (d *deps) completionReader(ctx context.Context) (*record.Reader, error) {
	place, err := d.locate()
	if err != nil {
		return nil, err
	}
	rec, err := record.Open(ctx, place, d.recordOptions())
	if err != nil {
		return nil, err
	}
	return rec.Read(ctx)
}

// listIDs lists the incidents whose identifier begins so: those that are not closed, or where none of them
// does, the closed ones.
func (d *deps) listIDs(ctx context.Context, begun string) (_ []string, err error) {
	rd, err := d.completionReader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	open, err := rd.Open()
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, inc := range open {
		if strings.HasPrefix(inc.ID, begun) {
			ids = append(ids, inc.ID)
		}
	}
	if ids != nil {
		return ids, nil
	}
	ids, err = rd.IDs()
	return slices.DeleteFunc(ids, func(id string) bool { return !strings.HasPrefix(id, begun) }), err
}

// fixed offers words to the shell.
func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}
