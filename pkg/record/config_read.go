package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"incident/pkg/incident"
	"incident/pkg/suggest"
	"incident/pkg/when"
	"incident/templates"
)

// Finding is a mistake in a configuration.
type Finding struct {
	Line    int // from 1; 0 where it is about the whole file
	Message string
}

// String is the finding as people read it.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.Message
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Message)
}

const (
	builtIn   = "built in"
	maxConfig = 1 << 20 // bytes
)

// DefaultConfig is what is in force where a record says nothing.
func DefaultConfig() Config {
	c, findings := readConfig(Config{}, templates.Config, func(int) string { return builtIn })
	if len(findings) > 0 { // a test holds the built-in configuration to be right
		return Config{DefaultSeverity: incident.Sev3, TimeZone: time.UTC}
	}
	return c
}

// ParseConfig reads a configuration over the built-in one. It takes what it can and reports the rest, so
// that a slip in this file never keeps a responder from writing.
func ParseConfig(raw []byte) (Config, []Finding) {
	return readConfig(DefaultConfig(), raw, func(line int) string { return fmt.Sprintf("%s:%d", configFile, line) })
}

// configReader walks the YAML of a configuration and notes what it finds.
type configReader struct {
	config   Config
	findings []Finding
	from     func(line int) string
}

func readConfig(base Config, raw []byte, from func(int) string) (Config, []Finding) {
	r := &configReader{config: base, from: from}
	r.config.origins = slices.Clone(base.origins)
	if len(raw) > maxConfig {
		r.find(nil, "the file is larger than %d bytes; nothing of it is used", maxConfig)
		return r.config, r.findings
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return r.config, nil
	case err != nil:
		r.find(nil, "%s; nothing of the file is used", strings.TrimPrefix(err.Error(), "yaml: "))
		return r.config, r.findings
	case hasAlias(&doc):
		r.find(&doc, "aliases and anchors are not used here; nothing of the file is used")
		return r.config, r.findings
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		r.find(nil, "there is more than one document in the file; only the first is used")
	}
	if doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Tag == "!!null" {
		return r.config, r.findings // nothing but comments
	}
	r.top(doc.Content[0])
	return r.config, r.findings
}

func (r *configReader) find(n *yaml.Node, format string, args ...any) {
	f := Finding{Message: fmt.Sprintf(format, args...)}
	if n != nil {
		f.Line = n.Line
	}
	r.findings = append(r.findings, f)
}

// note remembers where a value in force comes from.
func (r *configReader) note(n *yaml.Node, key, value string) {
	o := Origin{Key: key, Value: value, From: r.from(n.Line)}
	for i := range r.config.origins {
		if r.config.origins[i].Key == key {
			r.config.origins[i] = o
			return
		}
	}
	r.config.origins = append(r.config.origins, o)
}

// forget drops the origins of a list that is replaced as a whole.
func (r *configReader) forget(prefix string) {
	r.config.origins = slices.DeleteFunc(r.config.origins, func(o Origin) bool {
		return o.Key == prefix || strings.HasPrefix(o.Key, prefix+"[")
	})
}

// field is one key of a mapping and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// mapping reads a mapping by its fields; an unknown or doubled key is a finding with a suggestion.
func (r *configReader) mapping(n *yaml.Node, what string, fields []field) {
	if n.Kind != yaml.MappingNode {
		r.find(n, "%s must be a mapping of keys to values", what)
		return
	}
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.key
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if first, again := seen[key.Value]; again {
			r.find(key, "key %q is given a second time; the one on line %d counts", key.Value, first)
			continue
		}
		seen[key.Value] = key.Line
		at := slices.Index(known, key.Value)
		if at < 0 {
			hint := "; known are " + strings.Join(known, ", ")
			if meant := suggest.Closest(key.Value, known); meant != "" {
				hint = fmt.Sprintf("; did you mean %q?", meant)
			}
			r.find(key, "unknown key %q%s", key.Value, hint)
			continue
		}
		fields[at].read(value)
	}
}

// list calls read with each item of a list; a missing value is an empty list.
func (r *configReader) list(n *yaml.Node, what string, read func(int, *yaml.Node)) {
	switch {
	case n.Kind == yaml.SequenceNode:
		for i, item := range n.Content {
			read(i, item)
		}
	case n.Tag != "!!null":
		r.find(n, "%s must be a list", what)
	}
}

// line reads a text of one line.
func (r *configReader) line(n *yaml.Node, key string, into *string) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" || strings.ContainsAny(n.Value, "\n\r") {
		r.find(n, "%s must be a text of one line", key)
		return
	}
	*into = strings.TrimSpace(n.Value)
	r.note(n, key, *into)
}

// duration reads "30m", or "none" for 0.
func (r *configReader) duration(n *yaml.Node, key string, set func(time.Duration)) {
	d, err := when.Duration(n.Value)
	switch {
	case n.Value == "none":
		d = 0
	case n.Kind != yaml.ScalarNode || err != nil:
		r.find(n, "%s: %q is no duration; write 30m, 48h or none", key, n.Value)
		return
	}
	set(d)
	r.note(n, key, n.Value)
}

func (r *configReader) top(n *yaml.Node) {
	c := &r.config
	r.mapping(n, "the configuration", []field{
		{"schema", func(v *yaml.Node) {
			if v.Value != "1" {
				r.find(v, "schema %q is not known here; this version of incident knows 1", v.Value)
			}
		}},
		{"components", r.components},
		{"teams", r.teams},
		{"severities", r.severities},
		{"default_severity", func(v *yaml.Node) {
			var s incident.Severity
			if err := s.UnmarshalText([]byte(v.Value)); err != nil {
				r.find(v, "%s", err)
				return
			}
			c.DefaultSeverity = s
			r.note(v, "default_severity", s.String())
		}},
		{"postmortem_deadline", func(v *yaml.Node) {
			r.duration(v, "postmortem_deadline", func(d time.Duration) { c.Deadline = d })
		}},
		{"time_zone", func(v *yaml.Node) {
			zone, err := time.LoadLocation(v.Value)
			if err != nil || v.Value == "" || v.Value == "Local" {
				r.find(v, "time_zone: %q is no zone; write an IANA name such as Europe/Berlin", v.Value)
				return
			}
			c.TimeZone = zone
			r.note(v, "time_zone", v.Value)
		}},
	})
}

func (r *configReader) components(n *yaml.Node) {
	r.forget("components")
	r.config.Components = nil
	r.note(n, "components", fmt.Sprintf("%d", len(n.Content)))
	r.list(n, "components", func(i int, item *yaml.Node) {
		var k ConfigComponent
		key := fmt.Sprintf("components[%d]", i)
		r.mapping(item, "a component", []field{
			{"name", func(v *yaml.Node) { r.line(v, key+".name", &k.Name) }},
			{"group", func(v *yaml.Node) { r.line(v, key+".group", &k.Group) }},
			{"description", func(v *yaml.Node) { r.line(v, key+".description", &k.Description) }},
		})
		switch {
		case k.Name == "":
			r.find(item, "a component needs a name")
		case strings.Contains(k.Name, "="):
			r.find(item, "a component's name cannot hold =, which comes before the state: %q", k.Name)
		case slices.ContainsFunc(r.config.Components, func(o ConfigComponent) bool { return equalFold(o.Name, k.Name) }):
			r.find(item, "component %q is listed twice", k.Name)
		default:
			r.config.Components = append(r.config.Components, k)
		}
	})
}

func (r *configReader) teams(n *yaml.Node) {
	r.forget("teams")
	r.config.Teams = nil
	r.note(n, "teams", fmt.Sprintf("%d", len(n.Content)))
	r.list(n, "teams", func(i int, item *yaml.Node) {
		var t Team
		key := fmt.Sprintf("teams[%d]", i)
		r.mapping(item, "a team", []field{
			{"name", func(v *yaml.Node) { r.line(v, key+".name", &t.Name) }},
			{"people", func(v *yaml.Node) {
				r.list(v, key+".people", func(j int, person *yaml.Node) {
					var p string
					r.line(person, fmt.Sprintf("%s.people[%d]", key, j), &p)
					if p != "" {
						t.People = append(t.People, p)
					}
				})
			}},
		})
		switch {
		case t.Name == "":
			r.find(item, "a team needs a name")
		case slices.ContainsFunc(r.config.Teams, func(o Team) bool { return equalFold(o.Name, t.Name) }):
			r.find(item, "team %q is listed twice", t.Name)
		default:
			r.config.Teams = append(r.config.Teams, t)
		}
	})
}

func (r *configReader) severities(n *yaml.Node) {
	rules := map[incident.Severity]SeverityRule{}
	for s, rule := range r.config.Severities {
		rules[s] = rule
	}
	var fields []field
	for _, s := range incident.Severities() {
		fields = append(fields, field{s.String(), func(v *yaml.Node) { rules[s] = r.severity(v, s, rules[s]) }})
	}
	r.mapping(n, "severities", fields)
	r.config.Severities = rules
}

func (r *configReader) severity(n *yaml.Node, s incident.Severity, rule SeverityRule) SeverityRule {
	key := "severities." + s.String()
	cadence := map[incident.Audience]time.Duration{}
	for a, d := range rule.Cadence {
		cadence[a] = d
	}
	var fields []field
	for _, a := range incident.Audiences() {
		fields = append(fields, field{a.String(), func(v *yaml.Node) {
			r.duration(v, key+".cadence."+a.String(), func(d time.Duration) { cadence[a] = d })
		}})
	}
	r.mapping(n, key, []field{
		{"meaning", func(v *yaml.Node) { r.line(v, key+".meaning", &rule.Meaning) }},
		{"cadence", func(v *yaml.Node) { r.mapping(v, key+".cadence", fields) }},
	})
	rule.Cadence = cadence
	return rule
}

func equalFold(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }
