package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/publish"
	"incident/pkg/terminal"
)

type pageDiffCmd struct {
	pagePublishCmd
}

func newPageDiff(d *deps) *cobra.Command {
	c := pageDiffCmd{pagePublishCmd{paging: paging{deps: d, audience: incident.Customer}}}
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Say what would change for readers if the page were published now",
		Long: `Compares the page as it would be made now with the one that a target holds, and says in words what readers would
find changed: the state of components, incidents, their updates and promises. It publishes nothing. Without --to it asks
the targets that were saved. What a command published nobody can ask.`,
		Example: "incident page diff\nincident page diff --to dir:/srv/status -o json",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	c.addFlags(cmd)
	cmd.Flags().StringArrayVar(&c.to, "to", nil, "a `TARGET`: branch:NAME or dir:PATH; may be repeated")
	return cmd
}

// diffJSON is the answer to page diff.
type diffJSON struct {
	Schema  string         `json:"schema"`
	Targets []pageDiffJSON `json:"targets"`
}

// pageDiffJSON is what would change at one target.
type pageDiffJSON struct {
	Target  string   `json:"target"`
	Known   bool     `json:"known"`
	Changes []string `json:"changes"`
}

func (r diffJSON) ids() []string {
	var list []string
	for _, t := range r.Targets {
		if len(t.Changes) > 0 {
			list = append(list, t.Target)
		}
	}
	return list
}

func (r diffJSON) table(d *deps) {
	for _, t := range r.Targets {
		for _, line := range t.Changes {
			switch {
			case len(r.Targets) > 1:
				d.out.Line(terminal.Dim(t.Target+"  "), line)
			default:
				d.out.Line(line)
			}
		}
	}
}

func (c *pageDiffCmd) run(ctx context.Context) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	targets, err := c.targets(ctx, rec)
	if err != nil {
		return err
	}
	made, err := c.whole(ctx, rec, wholePage{})
	if err != nil {
		return err
	}
	r := diffJSON{Schema: schema}
	p := publish.Publisher{Store: rec.Store(), Env: c.Environ, Output: c.Stderr, Now: c.Now}
	for _, t := range targets {
		read, known, err := p.Held(ctx, t)
		if err != nil {
			return notPublished(t, err)
		}
		one := pageDiffJSON{Target: t.String(), Known: known, Changes: []string{}}
		switch {
		case !known:
			c.say("what " + one.Target + " published, nobody can ask it")
		default:
			if one.Changes, err = pageChanges(read, made.files); err != nil {
				return notPublished(t, err)
			}
		}
		if known && len(one.Changes) == 0 {
			c.say("Nothing would change for readers of " + one.Target + ".")
		}
		r.Targets = append(r.Targets, one)
	}
	return c.print(r)
}

// toldPage is what a page tells, as its own JSON holds it.
type toldPage struct {
	Verdict    string `json:"verdict"`
	Components []struct {
		Name, State string
	} `json:"components"`
	Incidents []struct{ ID, Headline, Status, Data string } `json:"incidents"`
	Incident  struct {
		NextUpdate string `json:"next_update"`
		Postmortem struct{ At, Markdown string }
		Updates    []struct {
			ID, At, Status, Text, Withdrawn string
		} `json:"updates"`
	} `json:"incident"`
}

const toldDir = "api/incident/v1/"

// pageChanges tells in words how a page differs from the one that a target holds.
func pageChanges(read func(string) ([]byte, error), files page.Files) ([]string, error) {
	var was, is struct{ status, list, components toldPage }
	for name, both := range map[string][2]*toldPage{"status.json": {&was.status, &is.status}, "incidents.json": {&was.list, &is.list}} {
		if err := heldPage(read, toldDir+name, both[0]); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(files[toldDir+name], both[1]); err != nil {
			return nil, err
		}
	}
	lines := []string{}
	if was.status.Verdict != is.status.Verdict {
		lines = append(lines, changed("the page says", was.status.Verdict, is.status.Verdict))
	}
	states := map[string]string{}
	for _, k := range was.status.Components {
		states[k.Name] = k.State
	}
	for _, k := range is.status.Components {
		if states[k.Name] != k.State {
			lines = append(lines, changed(k.Name, states[k.Name], k.State))
		}
		delete(states, k.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		lines = append(lines, changed(name, states[name], ""))
	}
	gone := map[string]string{}
	before := map[string]string{}
	for _, i := range was.list.Incidents {
		gone[i.ID], before[i.ID] = i.Headline, i.Status
	}
	for _, i := range is.list.Incidents {
		if headline, ok := gone[i.ID]; ok && headline != i.Headline {
			lines = append(lines, changed(i.ID, headline, i.Headline))
		}
		delete(gone, i.ID)
		if before[i.ID] != i.Status {
			lines = append(lines, changed(i.Headline, before[i.ID], i.Status))
		}
		more, err := updateChanges(read, files, i.Data, i.Headline)
		if err != nil {
			return nil, err
		}
		lines = append(lines, more...)
	}
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		lines = append(lines, changed(id, gone[id], ""))
	}
	return lines, nil
}

// updateChanges tells what readers of one incident would find new.
func updateChanges(read func(string) ([]byte, error), files page.Files, data, headline string) ([]string, error) {
	var was, is toldPage
	if err := heldPage(read, data, &was); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(files[data], &is); err != nil {
		return nil, err
	}
	said := map[string]string{}
	for _, u := range was.Incident.Updates {
		said[u.ID] = u.Text
	}
	var lines []string
	for _, u := range slices.Backward(is.Incident.Updates) {
		text, ok := said[u.ID]
		delete(said, u.ID)
		lead := headline + ", " + u.At
		switch {
		case !ok && u.Withdrawn == "":
			lines = append(lines, "+ "+lead+", "+u.Status+": "+oneLine(u.Text))
		case text == u.Text:
		case u.Withdrawn != "":
			lines = append(lines, "- "+lead+": "+oneLine(text))
		default:
			lines = append(lines, changed(lead, oneLine(text), oneLine(u.Text)))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(said)) {
		lines = append(lines, "- "+headline+": "+oneLine(said[id]))
	}
	if before, now := was.Incident.Postmortem, is.Incident.Postmortem; before != now {
		lines = append(lines, changed(headline+", postmortem", before.At, now.At))
	}
	if was.Incident.NextUpdate != is.Incident.NextUpdate {
		lines = append(lines, changed(headline+", next update", was.Incident.NextUpdate, is.Incident.NextUpdate))
	}
	return lines, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func changed(what, was, is string) string {
	switch {
	case was == "":
		return fmt.Sprintf("+ %s: %s", what, is)
	case is == "":
		return fmt.Sprintf("- %s: %s", what, was)
	}
	return fmt.Sprintf("~ %s: %s → %s", what, was, is)
}

// heldPage reads what a target holds. What is no page of ours is none.
func heldPage(read func(string) ([]byte, error), path string, into *toldPage) error {
	raw, err := read(path)
	if err != nil || raw == nil {
		return err
	}
	if json.Unmarshal(raw, into) != nil {
		*into = toldPage{}
	}
	return nil
}
