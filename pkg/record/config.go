package record

import (
	"time"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

// Config is what the team has settled for a record.
type Config struct {
	Components      []ConfigComponent
	Teams           []Team
	Severities      map[incident.Severity]SeverityRule
	DefaultSeverity incident.Severity
	Wording         clarity.Levels // of the rules for words, where the team has set others
	TimeZone        *time.Location
	Page            PageConfig

	file []byte // that the team's part of it was read from
}

// PageConfig is how the status page presents the team.
type PageConfig struct {
	Name, Address, Language string
	PartialWeight           float64 // how much of an outage a partial one is in the uptime, from 0 to 1
	Domain                  string  // for hosts that read it from a file CNAME
	Links                   []PageLink
	Questions               string            // the invitation to ask, in published postmortems
	Names                   bool              // people keep their names in them
	Colours                 map[string]string // "#0b57a4" by "link", "link_dark" and so on
}

// PageLink is a link at the foot of the page.
type PageLink struct{ Text, Address string }

// ConfigComponent is something that customers know by name.
type ConfigComponent struct{ Name, Group, Description string }

// Team is a name that stands for people.
type Team struct {
	Name   string
	People []string // by name or e-mail address
}

// SeverityRule is what a severity means to the team, and what is owed in its incidents.
type SeverityRule struct {
	Meaning string
	incident.Rule
}

// Rules are what is owed in incidents of each severity.
func (c Config) Rules() incident.Rules {
	rules := make(incident.Rules, len(c.Severities))
	for s, r := range c.Severities {
		rules[s] = r.Rule
	}
	return rules
}

// Origin is one value in force and where it comes from.
type Origin struct {
	Key   string // "severities.sev1.meaning"
	Value string
	From  string // ".incident/config.yaml:12", or "built in"
}

// Component finds a configured component by its name, whatever the letter case. With none configured any
// name is one.
func (c Config) Component(name string) (string, error) {
	if len(c.Components) == 0 {
		return name, nil
	}
	var known []string
	for _, k := range c.Components {
		if equalFold(k.Name, name) {
			return k.Name, nil
		}
		known = append(known, k.Name)
	}
	return "", &incident.UnknownError{What: "component", Word: name, Known: known}
}

// Addressee finds a team or person that a note can be addressed to, by name or address, whatever the letter case. With no
// team configured anybody is one.
func (c Config) Addressee(name string) (string, error) {
	if len(c.Teams) == 0 {
		return name, nil
	}
	var known []string
	for _, t := range c.Teams {
		known = append(append(known, t.Name), t.People...)
	}
	for _, k := range known {
		if equalFold(k, name) {
			return k, nil
		}
	}
	return "", &incident.UnknownError{What: "team or person", Word: name, Known: known}
}

// Answers lists by what names notes can be addressed to a person: their address and name, and the teams that hold either.
func (c Config) Answers(p incident.Person) []string {
	names := []string{p.Email, p.Name}
	for _, t := range c.Teams {
		for _, who := range t.People {
			if equalFold(who, p.Email) || equalFold(who, p.Name) {
				names = append(names, t.Name)
				break
			}
		}
	}
	return names
}

// Names are the words by which customers know what the team runs.
func (c Config) Names() []string {
	var names []string
	for _, k := range c.Components {
		names = append(names, k.Name)
		if k.Group != "" {
			names = append(names, k.Group)
		}
	}
	return names
}
