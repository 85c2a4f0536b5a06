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
)

// order says which incidents a command is likely about when none is named: those in the statuses of the
// first group that has any.
type order [][]incident.Status

var (
	// The statuses in which each group of commands makes sense, the likeliest first.
	unresolved = []incident.Status{incident.Investigating, incident.Identified, incident.Monitoring}
	resolved   = []incident.Status{incident.Resolved}
	closed     = []incident.Status{incident.Closed}

	openFirst     = order{unresolved, resolved, closed}
	resolvedFirst = order{resolved, unresolved, closed}
	overFirst     = order{resolved, closed, unresolved}
)

// pick finds the incident that the user means: named, chosen for this shell or this clone, or the only one
// that the command makes sense for. It never guesses between two. implied: the user did not name it.
func (d *deps) pick(rec *record.Record, rd *record.Reader, named string, by order) (inc incident.Incident, implied bool, err error) {
	if ref := firstOf(named, d.incident, d.Env("INCIDENT_ID")); ref != "" {
		inc, err := resolve(rd, ref)
		return inc, false, err
	}
	if id := rec.Current(); id != "" {
		inc, err := rd.Incident(id)
		if err == nil {
			return inc, true, nil
		}
		if !errors.Is(err, record.ErrNotFound) {
			return incident.Incident{}, false, err
		}
		d.warn(fmt.Sprintf("%s, chosen with incident use, is not in this record; it is passed over", id))
	}
	all, err := rd.All()
	if err != nil {
		return incident.Incident{}, false, err
	}
	if len(all) == 0 {
		return incident.Incident{}, false, &advised{record.ErrNotFound, "there is no incident yet", `incident open "Checkout errors"`}
	}
	for _, group := range by {
		found := slices.DeleteFunc(slices.Clone(all), func(i incident.Incident) bool { return !slices.Contains(group, i.Status) })
		switch {
		case len(found) == 1:
			return found[0], true, nil
		case len(found) > 1:
			return incident.Incident{}, false, ambiguous(fmt.Sprintf("%s; which one?", howMany(found, group)), found)
		}
	}
	return incident.Incident{}, false, ambiguous("no incident is open; which one?", all)
}

// resolve finds the one incident that a reference means.
func resolve(rd *record.Reader, ref string) (incident.Incident, error) {
	found, err := rd.Resolve(ref)
	switch {
	case err != nil:
		return incident.Incident{}, err
	case len(found) == 0:
		return incident.Incident{}, notFound(rd, ref)
	case len(found) > 1:
		return incident.Incident{}, ambiguous(fmt.Sprintf("%q means %d incidents; which one?", ref, len(found)), found)
	}
	return found[0], nil
}

// notFound names what there is instead.
func notFound(rd *record.Reader, ref string) error {
	ids, err := rd.IDs()
	if err != nil {
		return err
	}
	remedy := `there is none yet: incident open "Checkout errors"`
	if len(ids) > 0 {
		remedy = "there are: " + strings.Join(ids[:min(5, len(ids))], ", ")
		if len(ids) > 5 {
			remedy += ", … (incident list --all)"
		}
	}
	return &advised{record.ErrNotFound, fmt.Sprintf("no incident %q", ref), remedy}
}

func howMany(found []incident.Incident, group []incident.Status) string {
	state := "open"
	if group[0].Over() {
		state = group[0].String()
	}
	return fmt.Sprintf("%s incidents are %s", numberWord(len(found)), state)
}

func numberWord(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	word := fmt.Sprint(n)
	if n < len(words) {
		word = words[n]
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// ambiguous names the candidates.
func ambiguous(msg string, found []incident.Incident) error {
	var b strings.Builder
	width := 0
	for _, inc := range found {
		width = max(width, len(inc.ID))
	}
	for i, inc := range found {
		if i == 10 {
			fmt.Fprintf(&b, "  … and %d more: incident list --all\n", len(found)-10)
			break
		}
		fmt.Fprintf(&b, "  %-*s   %-5s %s\n", width, inc.ID, inc.Severity, inc.Status)
	}
	fmt.Fprintf(&b, "next: add -i %s        or: incident use %s", found[0].ID, found[0].ID)
	return &advised{record.ErrAmbiguous, msg, b.String()}
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
	var names []string
	for _, r := range found {
		names = append(names, "  "+r.Incident+"   "+r.Name)
	}
	return record.EntryRef{}, &advised{record.ErrAmbiguous, fmt.Sprintf("%q means %d entries; which one?", ref, len(found)), strings.Join(names[:min(10, len(names))], "\n")}
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
func (d *deps) completeIncidents(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	ids, err := d.listIDs(cmd.Context())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func (d *deps) listIDs(ctx context.Context) (_ []string, err error) {
	place, err := d.locate()
	if err != nil {
		return nil, err
	}
	rec, err := record.Open(ctx, place, d.recordOptions())
	if err != nil {
		return nil, err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	return rd.IDs()
}

// fixed offers words to the shell.
func fixed(words ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
}
