package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/terminal"
)

// hintWork bounds what is read for a hint or a completion; see [record.Reader.Recent].
const hintWork = 5000

func tagsOf(inc incident.Incident) []string { return inc.Tags }

func causesOf(inc incident.Incident) []string { return []string{inc.Cause} }

// completeUsed offers the shell words that incidents were given before, those first that most have.
func (d *deps) completeUsed(words func(incident.Incident) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		used, err := d.used(cmd.Context(), words)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		begun = strings.ToLower(begun)
		used = slices.DeleteFunc(used, func(word string) bool { return !strings.HasPrefix(strings.ToLower(word), begun) })
		return used, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// used counts words that incidents have; of spellings that differ in letter case alone the first one read stands.
func (d *deps) used(ctx context.Context, words func(incident.Incident) []string) (list []string, err error) {
	rd, err := d.completionReader(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, rd) }()
	count, spelling := map[string]int{}, map[string]string{}
	err = rd.Recent(hintWork, func(inc incident.Incident) {
		for _, w := range words(inc) {
			if key := strings.ToLower(w); w != "" && terminal.SafeLine(w) == w { // else nobody typed it
				count[key]++
				spelling[key] = cmp.Or(spelling[key], w)
			}
		}
	})
	for _, key := range slices.SortedFunc(maps.Keys(count), func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) }) {
		list = append(list, spelling[key])
	}
	return list, err
}
