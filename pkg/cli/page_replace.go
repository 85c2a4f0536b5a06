package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// onPage is what a page says of itself in its own JSON.
type onPage struct {
	Audience  string
	Changed   time.Time
	Incidents []struct{ ID, Headline, Known, Data string }
	Incident  struct {
		Rests []string `json:"rests_on"`
	}
}

// reading reads a file of a page, nil where it has none.
type reading func(path string) ([]byte, error)

// tells reads what a page says. What is no page of ours says nothing.
func (read reading) tells(path string) (p onPage, err error) {
	raw, err := read(path)
	if err == nil && json.Unmarshal(raw, &p) != nil {
		p = onPage{}
	}
	return p, err
}

// mayReplace refuses to put a page in the place of one for other readers, and of one that tells of something that this clone
// has not heard of: another clone has published it, and readers would see it vanish.
func mayReplace(there, ours reading) error {
	was, err := there.tells(toldDir + "status.json")
	if err != nil {
		return err
	}
	is, err := ours.tells(toldDir + "status.json")
	if err != nil {
		return err
	}
	if was.Audience != "" && was.Audience != is.Audience {
		return &advised{
			incident.ErrAudience, fmt.Sprintf("the page there is for another audience, %s, and this one for %s", was.Audience, is.Audience),
			"choose another place; or --force, if its readers are to see this one",
		}
	}
	if was.Changed.After(is.Changed) {
		return behind("the page there tells of " + was.Changed.Format(time.RFC3339) + ", which is newer than all that this clone knows")
	}
	if was, err = there.tells(toldDir + "incidents.json"); err != nil {
		return err
	}
	if is, err = ours.tells(toldDir + "incidents.json"); err != nil {
		return err
	}
	for _, i := range was.Incidents {
		n := slices.IndexFunc(is.Incidents, func(o struct{ ID, Headline, Known, Data string }) bool { return o.ID == i.ID })
		switch {
		case n < 0:
			return behind(fmt.Sprintf("the page there tells of %q, of which this clone knows nothing", i.Headline))
		case is.Incidents[n].Known == i.Known:
			continue
		}
		told, err := there.tells(i.Data)
		if err != nil {
			return err
		}
		known, err := ours.tells(i.Data)
		if err != nil {
			return err
		}
		for _, what := range told.Incident.Rests {
			if !slices.Contains(known.Incident.Rests, what) {
				return behind(fmt.Sprintf("the page there tells something of %q that this clone does not know", i.Headline))
			}
		}
	}
	return nil
}

func behind(what string) error {
	return &advised{record.ErrConflict, what, "incident sync, then publish; or --force"}
}
