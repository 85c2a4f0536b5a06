package record

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"incident/pkg/clarity"
	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/suggest"
	"incident/pkg/when"
	"incident/templates"
)

// Finding is a mistake in a configuration.
type Finding struct {
	Line    int // from 1; 0 where it is about the whole file
	Message string
	Unread  error // a [gitstore.ErrDisk] where it is none: the file could not be read
}

// unusable is why nothing of a file is used.
func unusable(err error) Finding {
	f := Finding{Message: err.Error() + "; nothing of the file is used"}
	if errors.Is(err, gitstore.ErrDisk) {
		f.Unread = err
	}
	return f
}

// String is the finding as people read it.
func (f Finding) String() string {
	if f.Line == 0 {
		return f.Message
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Message)
}

const (
	builtIn     = "built in"
	maxConfig   = 1 << 20 // bytes
	maxItems    = 1000    // of a list
	maxFindings = 100
	maxKnown    = 12 // keys that are listed where one is unknown
)

// DefaultConfig is what is in force where a record says nothing.
func DefaultConfig() Config { return readConfig(nil).config }

// ParseConfig reads a configuration over the built-in one. It takes what it can and reports the rest, so
// that a slip in this file never keeps a responder from writing.
func ParseConfig(raw []byte) (Config, []Finding) {
	r := readConfig(raw)
	return r.config, r.findings
}

// Origins lists every value in force. They are looked for only now: no other command than config asks for them.
func (c Config) Origins() []Origin {
	origins := readConfig(c.file).origins
	slices.SortStableFunc(origins, func(a, b Origin) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.severity(), b.severity()))
	})
	return origins
}

// configReader walks the YAML of a configuration and notes what it finds.
type configReader struct {
	config   Config
	origins  []Origin
	findings []Finding
	from     func(line int) string
	noted    map[string]int // a key's place in the origins
}

// readConfig reads the built-in configuration, which a test holds to be right, and the team's over it.
func readConfig(raw []byte) *configReader {
	r := &configReader{config: Config{file: raw}, noted: map[string]int{}}
	r.from = func(int) string { return builtIn }
	r.document(templates.Config, r.top)
	r.from = func(line int) string { return fmt.Sprintf("%s:%d", ConfigPath, line) }
	r.document(raw, r.top)
	return r
}

// document reads the one document of a file by its top.
func (r *configReader) document(raw []byte, top func(*yaml.Node)) {
	if len(raw) > maxConfig {
		r.find(nil, "the file is larger than %d bytes; nothing of it is used", maxConfig)
		return
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return
	case err != nil:
		r.findings = append(r.findings, syntaxFinding(err))
		return
	case hasAlias(&doc):
		r.find(&doc, "aliases and anchors are not used here; nothing of the file is used")
		return
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		r.find(nil, "there is more than one document in the file; only the first is used")
	}
	if len(doc.Content) == 1 && !isNull(doc.Content[0]) { // else there is nothing but comments
		top(doc.Content[0])
	}
}

// rank is the place of a value among those of other keys, in the order of the built-in file.
func (o Origin) rank() int {
	top := o.Key[:strings.IndexAny(o.Key+".", ".[")]
	return slices.Index([]string{"components", "teams", "severities", "default_severity", "wording", "page", "time_zone"}, top)
}

// severity is the key of a value that belongs to one, by which these stand together; "" for others.
func (o Origin) severity() string {
	if strings.HasPrefix(o.Key, "severities.") {
		return o.Key
	}
	return ""
}

// syntaxFinding takes the line out of an error of yaml.v3.
func syntaxFinding(err error) Finding {
	f := Finding{Message: strings.TrimPrefix(err.Error(), "yaml: ") + "; nothing of the file is used"}
	if place, what, ok := strings.Cut(f.Message, ": "); ok {
		if n, err := fmt.Sscanf(place, "line %d", &f.Line); n == 1 && err == nil {
			f.Message = what
		}
	}
	return f
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

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
	if i, ok := r.noted[key]; ok {
		r.origins[i] = o
		return
	}
	r.noted[key] = len(r.origins)
	r.origins = append(r.origins, o)
}

func (r *configReader) index() {
	clear(r.noted)
	for i, o := range r.origins {
		r.noted[o.Key] = i
	}
}

// forget drops the origins of a value that is replaced as a whole.
func (r *configReader) forget(key string) {
	r.origins = slices.DeleteFunc(r.origins, func(o Origin) bool {
		return o.Key == key || strings.HasPrefix(o.Key, key+"[") || strings.HasPrefix(o.Key, key+".")
	})
	r.index()
}

// field is one key of a mapping and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// mapping reads a mapping by its fields; an unknown or doubled key is a finding with a suggestion.
func (r *configReader) mapping(n *yaml.Node, what string, fields []field) {
	if isNull(n) {
		return
	}
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
		if len(r.findings) >= maxFindings {
			return // more would help nobody
		}
		key, value := n.Content[i], n.Content[i+1]
		if first, again := seen[key.Value]; again {
			r.find(key, "key %q is given a second time; the one on line %d counts", key.Value, first)
			continue
		}
		seen[key.Value] = key.Line
		at := slices.Index(known, key.Value)
		if at < 0 {
			hint := "; known are " + strings.Join(known[:min(len(known), maxKnown)], ", ")
			if more := len(known) - maxKnown; more > 0 {
				hint += fmt.Sprintf(", and %d more", more)
			}
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
func (r *configReader) list(n *yaml.Node, what string, most int, read func(int, *yaml.Node)) {
	switch {
	case n.Kind == yaml.SequenceNode:
		for i, item := range n.Content[:min(len(n.Content), most)] {
			if len(r.findings) < maxFindings {
				read(i, item)
			}
		}
		if len(n.Content) > most {
			r.find(n.Content[most], "%s has more than %d items; the rest is not used", what, most)
		}
	case !isNull(n):
		r.find(n, "%s must be a list", what)
	}
}

// line reads a text of one line.
func (r *configReader) line(n *yaml.Node, key string, into *string) {
	value := strings.TrimSpace(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode || isNull(n) || value == "" || strings.ContainsFunc(value, unicode.IsControl):
		r.find(n, "%s must be a text of one line", key)
		return
	case utf8.RuneCountInString(value) > incident.MaxLine:
		r.find(n, "%s is longer than %d characters", key, incident.MaxLine)
		return
	}
	*into = value
	r.note(n, key, value)
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
		{"wording", r.wording},
		{"page", r.page},
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
	r.note(n, "components", "0")
	r.config.Components = nil
	r.list(n, "components", maxItems, func(_ int, item *yaml.Node) {
		var k ConfigComponent
		key, since := fmt.Sprintf("components[%d]", len(r.config.Components)), len(r.origins)
		r.mapping(item, "a component", []field{
			{"name", func(v *yaml.Node) { r.line(v, key+".name", &k.Name) }},
			{"group", func(v *yaml.Node) { r.line(v, key+".group", &k.Group) }},
			{"description", func(v *yaml.Node) { r.line(v, key+".description", &k.Description) }},
		})
		switch {
		case k.Name == "":
			r.reject(item, since, "a component needs a name")
		case strings.Contains(k.Name, "="):
			r.reject(item, since, "a component's name cannot hold =, which comes before the state: %q", k.Name)
		case slices.ContainsFunc(r.config.Components, func(o ConfigComponent) bool { return equalFold(o.Name, k.Name) }):
			r.reject(item, since, "component %q is listed twice", k.Name)
		default:
			r.config.Components = append(r.config.Components, k)
		}
	})
	r.note(n, "components", fmt.Sprint(len(r.config.Components)))
}

// reject reports an item of a list that is not used, and drops the origins that were noted for it.
func (r *configReader) reject(n *yaml.Node, since int, format string, args ...any) {
	for _, o := range r.origins[since:] {
		delete(r.noted, o.Key)
	}
	r.origins = r.origins[:since]
	r.find(n, format, args...)
}

func (r *configReader) teams(n *yaml.Node) {
	r.forget("teams")
	r.note(n, "teams", "0")
	r.config.Teams = nil
	r.list(n, "teams", maxItems, func(_ int, item *yaml.Node) {
		var t Team
		key, since := fmt.Sprintf("teams[%d]", len(r.config.Teams)), len(r.origins)
		r.mapping(item, "a team", []field{
			{"name", func(v *yaml.Node) { r.line(v, key+".name", &t.Name) }},
			{"people", func(v *yaml.Node) {
				r.list(v, key+".people", maxItems, func(j int, person *yaml.Node) {
					var p string
					if r.line(person, fmt.Sprintf("%s.people[%d]", key, j), &p); p != "" {
						t.People = append(t.People, p)
					}
				})
			}},
		})
		switch {
		case t.Name == "":
			r.reject(item, since, "a team needs a name")
		case slices.ContainsFunc(r.config.Teams, func(o Team) bool { return equalFold(o.Name, t.Name) }):
			r.reject(item, since, "team %q is listed twice", t.Name)
		default:
			r.config.Teams = append(r.config.Teams, t)
		}
	})
	r.note(n, "teams", fmt.Sprint(len(r.config.Teams)))
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
	cadence := map[incident.Audience]incident.Rhythm{}
	maps.Copy(cadence, rule.Cadence)
	var fields []field
	for _, a := range []incident.Audience{incident.Internal, incident.Stakeholder, incident.Customer} { // engineers are promised nothing
		fields = append(fields, field{a.String(), func(v *yaml.Node) { cadence[a] = r.rhythm(v, key+".cadence."+a.String(), cadence[a]) }})
	}
	r.mapping(n, key, []field{
		{"meaning", func(v *yaml.Node) { r.line(v, key+".meaning", &rule.Meaning) }},
		{"cadence", func(v *yaml.Node) { r.mapping(v, key+".cadence", fields) }},
		{"postmortem", func(v *yaml.Node) {
			r.duration(v, key+".postmortem", func(d time.Duration) { rule.Postmortem = d })
		}},
	})
	rule.Cadence = cadence
	return rule
}

// rhythm reads how long an audience may go without a word: one duration for all, or one for each phase.
func (r *configReader) rhythm(n *yaml.Node, key string, old incident.Rhythm) incident.Rhythm {
	if n.Kind != yaml.MappingNode {
		r.interval(n, key, func(d time.Duration) {
			old = incident.Rhythm{Open: d}
			r.forget(key)
		})
		return old
	}
	r.origins = slices.DeleteFunc(r.origins, func(o Origin) bool { return o.Key == key })
	r.index()
	rhythm := old
	phase := func(name string, into *time.Duration) field {
		return field{name, func(v *yaml.Node) { r.interval(v, key+"."+name, func(d time.Duration) { *into = d }) }}
	}
	r.mapping(n, key, []field{
		phase("first", &rhythm.First), phase("open", &rhythm.Open), phase("monitoring", &rhythm.Monitoring), phase("long", &rhythm.Long),
	})
	return rhythm
}

// page reads how the status page presents the team.
func (r *configReader) page(n *yaml.Node) {
	p := &r.config.Page
	r.mapping(n, "page", []field{
		{"name", func(v *yaml.Node) { r.line(v, "page.name", &p.Name) }},
		{"address", func(v *yaml.Node) {
			if u, err := url.Parse(v.Value); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
				r.find(v, "page.address: %q is no address; write https://status.example.com", v.Value)
				return
			}
			r.line(v, "page.address", &p.Address)
		}},
		{"language", func(v *yaml.Node) { r.line(v, "page.language", &p.Language) }},
		{"domain", func(v *yaml.Node) {
			if !isDomain(v.Value) {
				r.find(v, "page.domain: %q is no name of a host; write status.example.com", v.Value)
				return
			}
			r.line(v, "page.domain", &p.Domain)
		}},
		{"questions", func(v *yaml.Node) { r.line(v, "page.questions", &p.Questions) }},
		{"names", func(v *yaml.Node) {
			if err := v.Decode(&p.Names); err != nil {
				r.find(v, "page.names: %q is neither true nor false", v.Value)
				return
			}
			r.note(v, "page.names", v.Value)
		}},
		{"links", func(v *yaml.Node) { r.links(v, p) }},
		{"colours", func(v *yaml.Node) {
			p.Colours = map[string]string{}
			if v.Kind != yaml.MappingNode {
				r.find(v, "page.colours: write link: \"#0b57a4\"")
			}
			for i := 0; i+1 < len(v.Content); i += 2 {
				key := v.Content[i].Value
				p.Colours[key] = v.Content[i+1].Value
				r.note(v.Content[i], "page.colours."+key, v.Content[i+1].Value)
			}
		}},
		{"partial_weight", func(v *yaml.Node) {
			weight, err := strconv.ParseFloat(v.Value, 64)
			if err != nil || !(weight >= 0 && weight <= 1) {
				r.find(v, "page.partial_weight: %q is no number from 0 to 1", v.Value)
				return
			}
			p.PartialWeight = weight
			r.note(v, "page.partial_weight", v.Value)
		}},
	})
}

// links reads the links at the foot of the page.
func (r *configReader) links(n *yaml.Node, p *PageConfig) {
	p.Links = nil
	if n.Kind != yaml.SequenceNode {
		r.find(n, "page.links is a list; write - {text: Ask us, address: https://shop.example/help}")
		return
	}
	for i, item := range n.Content {
		key := fmt.Sprintf("page.links[%d]", i)
		var l PageLink
		r.mapping(item, key, []field{
			{"text", func(v *yaml.Node) { r.line(v, key+".text", &l.Text) }},
			{"address", func(v *yaml.Node) {
				if u, err := url.Parse(v.Value); err != nil || u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" {
					r.find(v, "%s.address: %q is no address of the web or of mail", key, v.Value)
					return
				}
				r.line(v, key+".address", &l.Address)
			}},
		})
		if l.Text == "" || l.Address == "" {
			r.find(item, "%s needs a text and an address", key)
			continue
		}
		p.Links = append(p.Links, l)
	}
}

// isDomain reports whether a name is that of a host, as DNS has them.
func isDomain(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || len(part) > 63 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return strings.Contains(name, ".") && len(name) < 254
}

// interval reads how long somebody may wait: a minute at least, or "none".
func (r *configReader) interval(n *yaml.Node, key string, set func(time.Duration)) {
	if d, err := when.Duration(n.Value); err == nil && d < time.Minute {
		r.find(n, "%s: %q is less than a minute; write none where nothing is owed by the clock", key, n.Value)
		return
	}
	r.duration(n, key, set)
}

// wording reads what findings of a rule, or of all rules of a fault, do to an update for an audience.
func (r *configReader) wording(n *yaml.Node) {
	levels := clarity.Levels{}
	for rule, of := range r.config.Wording {
		levels[rule] = maps.Clone(of)
	}
	var fields []field
	for _, rule := range clarity.Names() {
		fields = append(fields, field{rule, func(v *yaml.Node) {
			var audiences []field
			for _, a := range []incident.Audience{incident.Customer, incident.Stakeholder, incident.Internal} {
				audiences = append(audiences, field{a.String(), func(v *yaml.Node) {
					var level clarity.Level
					if err := level.UnmarshalText([]byte(v.Value)); err != nil {
						r.find(v, "%s", err)
						return
					}
					if levels[rule] == nil {
						levels[rule] = map[incident.Audience]clarity.Level{}
					}
					levels[rule][a] = level
					r.note(v, "wording."+rule+"."+a.String(), level.String())
				}})
			}
			r.mapping(v, "wording."+rule, audiences)
		}})
	}
	r.mapping(n, "wording", fields)
	r.config.Wording = levels
}

func equalFold(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
