package record

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"incident/pkg/incident"
	"incident/pkg/pattern"
)

const (
	schema   = 1         // of entries, as this version writes them
	maxEntry = 1 << 20   // bytes of an entry's file
	maxFront = 128 << 10 // bytes of its front matter
	fence    = "---"     // the line before and after the front matter
)

// header is an entry's front matter as it lies on disk; the order of fields is the order in the file.
type header struct {
	Schema      int                `yaml:"schema"`
	Kind        incident.Kind      `yaml:"kind"`
	Audience    incident.Audience  `yaml:"audience"`
	At          time.Time          `yaml:"at"`
	Author      text               `yaml:"author"`
	Key         text               `yaml:"key,omitempty"`
	Status      incident.Status    `yaml:"status,omitempty"`
	Title       text               `yaml:"title,omitempty"`
	Headline    text               `yaml:"headline,omitempty"`
	Severity    incident.Severity  `yaml:"severity,omitempty"`
	Impact      incident.Impact    `yaml:"impact,omitempty"`
	Components  []componentHeader  `yaml:"components,omitempty"`
	Started     time.Time          `yaml:"started,omitempty"`
	Customers   *int               `yaml:"customers,omitempty"`
	Share       *float64           `yaml:"share,omitempty"`
	Tags        []text             `yaml:"tags,omitempty"`
	Cause       text               `yaml:"cause,omitempty"`
	Role        text               `yaml:"role,omitempty"`
	Holder      text               `yaml:"holder,omitempty"`
	To          []text             `yaml:"to,omitempty"`
	Next        next               `yaml:"next,omitempty"`
	Because     text               `yaml:"because,omitempty"`
	Cadence     bool               `yaml:"cadence,omitempty"`
	Corrects    text               `yaml:"corrects,omitempty"`
	Retracts    text               `yaml:"retracts,omitempty"`
	Acks        []text             `yaml:"acks,omitempty"`
	As          []text             `yaml:"as,omitempty"`
	Action      *actionHeader      `yaml:"action,omitempty"`
	Accepted    []acceptedHeader   `yaml:"accepted,omitempty"`
	Attachments []attachmentHeader `yaml:"attachments,omitempty"`
	Document    text               `yaml:"document,omitempty"`
}

type componentHeader struct {
	Name  text           `yaml:"name"`
	State incident.State `yaml:"state"`
}

type actionHeader struct {
	Owner   text                 `yaml:"owner,omitempty"`
	Due     time.Time            `yaml:"due,omitempty"`
	For     text                 `yaml:"for,omitempty"`
	Link    text                 `yaml:"link,omitempty"`
	Settles text                 `yaml:"settles,omitempty"`
	State   incident.ActionState `yaml:"state,omitempty"`
}

type acceptedHeader struct {
	Rule   text `yaml:"rule"`
	Reason text `yaml:"reason"`
}

type attachmentHeader struct {
	Name   text  `yaml:"name"`
	File   text  `yaml:"file"`
	Size   int64 `yaml:"size"`
	SHA256 text  `yaml:"sha256"`
}

// text is a string that yaml.v3 writes so that it can read it again. Left to itself it loses leading
// blanks and damages odd characters, in silence.
type text string

// MarshalYAML implements [yaml.Marshaler].
func (t text) MarshalYAML() (any, error) {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: string(t)}
	if !plain(string(t)) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n, nil
}

func plain(s string) bool {
	if s == "" || s != strings.TrimSpace(s) {
		return false
	}
	for _, r := range s {
		if r != ' ' && (!unicode.IsGraphic(r) || unicode.IsSpace(r)) {
			return false
		}
	}
	return true
}

// next spells when a promise is for: a time, or "none".
type next struct {
	By   time.Time
	None bool
}

// MarshalYAML implements [yaml.Marshaler].
func (n next) MarshalYAML() (any, error) {
	if n.None {
		return "none", nil
	}
	return n.By, nil
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (n *next) UnmarshalYAML(v *yaml.Node) error {
	if v.Value == "none" {
		*n = next{None: true}
		return nil
	}
	return v.Decode(&n.By)
}

// encode writes an entry as it is committed. It accepts only what decode gives back unchanged; anything
// else is an [ErrInvalid].
func encode(e incident.Entry) ([]byte, error) {
	e = normal(e)
	if err := e.Check(); err != nil {
		return nil, err
	}
	front, err := yaml.Marshal(headerOf(e))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", e.Name, ErrInvalid, err)
	}
	var b bytes.Buffer
	b.WriteString(fence + "\n")
	b.Write(front)
	b.WriteString(fence + "\n")
	if e.Text != "" {
		b.WriteString("\n" + e.Text + "\n")
	}
	if got := decodeBy(yamlHeader, e.Name, b.Bytes()); !reflect.DeepEqual(got, e) {
		return nil, fmt.Errorf("%s would not read back as it was written: %w", e.Name, errors.Join(ErrInvalid, got.Problem))
	}
	return b.Bytes(), nil
}

// normal spells an entry in the one way in which it is read: times in UTC, no list rather than an empty
// one, a text without blank lines around it.
func normal(e incident.Entry) incident.Entry {
	e.Text = incident.NormalizeText(e.Text)
	e.At, e.Started, e.Next.By, e.Action.Due = inUTC(e.At), inUTC(e.Started), inUTC(e.Next.By), inUTC(e.Action.Due)
	e.Tags, e.To = orNil(e.Tags), orNil(e.To)
	e.Components, e.Accepted, e.Attachments = orNil(e.Components), orNil(e.Accepted), orNil(e.Attachments)
	return e
}

// inUTC drops what a clock adds to a time; the zero time stays as it is.
func inUTC(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

func orNil[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

func headerOf(e incident.Entry) header {
	h := header{
		Schema: schema, Kind: e.Kind, Audience: e.Audience, At: e.At, Author: text(e.Author.String()), Key: text(e.Key),
		Status: e.Status, Title: text(e.Title), Headline: text(e.Headline), Severity: e.Severity, Impact: e.Impact,
		Started: e.Started, Customers: e.Customers, Share: e.Share, Tags: texts(e.Tags), Cause: text(e.Cause),
		Role: text(e.Role), Holder: text(e.Holder), To: texts(e.To), Next: next{e.Next.By, e.Next.None},
		Because: text(e.Next.Because), Cadence: e.Next.Cadence,
		Corrects: text(e.Corrects), Retracts: text(e.Retracts), Acks: texts(e.Acks), As: texts(e.As), Document: text(e.Document),
	}
	for _, c := range e.Components {
		h.Components = append(h.Components, componentHeader{text(c.Name), c.State})
	}
	if a := e.Action; a != (incident.ActionFacts{}) {
		h.Action = &actionHeader{text(a.Owner), a.Due, text(a.For), text(a.Link), text(a.Settles), a.State}
	}
	for _, a := range e.Accepted {
		h.Accepted = append(h.Accepted, acceptedHeader{text(a.Rule), text(a.Reason)})
	}
	for _, a := range e.Attachments {
		h.Attachments = append(h.Attachments, attachmentHeader{text(a.Name), text(a.File), a.Size, text(a.SHA256)})
	}
	return h
}

// decode reads one entry. It always gives one: what it does not understand comes back as
// [incident.Unreadable] with the problem, because it must neither be lost nor hide the others. The
// problem quotes nothing of the file, since nobody can tell for whom that was written.
func decode(name string, raw []byte) incident.Entry { return decodeBy(anyHeader, name, raw) }

func decodeBy(read func([]byte) (header, error), name string, raw []byte) incident.Entry {
	unreadable := func(err error) incident.Entry {
		return incident.Entry{Name: name, Kind: incident.Unreadable, Problem: err}
	}
	front, body, err := split(raw)
	if err != nil {
		return unreadable(err)
	}
	h, err := read(front)
	if err != nil {
		return unreadable(err)
	}
	e := normal(entryOf(name, h, body))
	if e.Kind == incident.Unreadable {
		return unreadable(fmt.Errorf("front matter has no kind: %w", ErrInvalid))
	}
	parsed, err := incident.ParseName(name)
	if err != nil {
		return unreadable(err)
	}
	if parsed.Label != e.Label() {
		return unreadable(fmt.Errorf("its name says %s, its front matter %s: %w", parsed.Label, e.Label(), ErrInvalid))
	}
	return e
}

// anyHeader reads front matter in the quickest way that is right.
func anyHeader(front []byte) (header, error) {
	if h, ok := quickHeader(front); ok {
		return h, nil
	}
	return yamlHeader(front)
}

func yamlHeader(front []byte) (h header, _ error) {
	if err := checkFront(front); err != nil {
		return h, err
	}
	dec := yaml.NewDecoder(bytes.NewReader(front))
	dec.KnownFields(true) // a mistyped field must not vanish in silence
	if err := dec.Decode(&h); err != nil {
		return h, fmt.Errorf("front matter: %w: %s", ErrInvalid, yamlPlaces(err))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return h, fmt.Errorf("front matter: more than one document: %w", ErrInvalid)
	}
	return h, nil
}

func entryOf(name string, h header, body string) incident.Entry {
	e := incident.Entry{
		Name: name, Kind: h.Kind, Audience: h.Audience, At: h.At, Author: parsePerson(string(h.Author)), Key: string(h.Key),
		Text: body, Status: h.Status,
		Facts: incident.Facts{
			Title: string(h.Title), Headline: string(h.Headline), Severity: h.Severity, Impact: h.Impact,
			Started: h.Started, Customers: h.Customers, Share: h.Share, Tags: plainStrings(h.Tags), Cause: string(h.Cause),
		},
		Role: string(h.Role), Holder: string(h.Holder), To: plainStrings(h.To),
		Next:     incident.Next{By: h.Next.By, None: h.Next.None, Because: string(h.Because), Cadence: h.Cadence},
		Corrects: string(h.Corrects), Retracts: string(h.Retracts), Acks: plainStrings(h.Acks), As: plainStrings(h.As), Document: string(h.Document),
	}
	for _, c := range h.Components {
		e.Components = append(e.Components, incident.Component{Name: string(c.Name), State: c.State})
	}
	if a := h.Action; a != nil {
		e.Action = incident.ActionFacts{Owner: string(a.Owner), Due: a.Due, For: string(a.For), Link: string(a.Link), Settles: string(a.Settles), State: a.State}
	}
	for _, a := range h.Accepted {
		e.Accepted = append(e.Accepted, incident.Accepted{Rule: string(a.Rule), Reason: string(a.Reason)})
	}
	for _, a := range h.Attachments {
		e.Attachments = append(e.Attachments, incident.Attachment{Name: string(a.Name), File: string(a.File), Size: a.Size, SHA256: string(a.SHA256)})
	}
	return e
}

// split takes the front matter and the text apart.
func split(raw []byte) (front []byte, body string, err error) {
	if len(raw) > maxEntry {
		return nil, "", fmt.Errorf("it is larger than %d bytes: %w", maxEntry, ErrInvalid)
	}
	if !utf8.Valid(raw) {
		return nil, "", fmt.Errorf("it is not UTF-8: %w", ErrInvalid)
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // what some editors leave when somebody has a look
	if !bytes.HasSuffix(raw, []byte("\n")) {
		raw = append(raw, '\n')
	}
	rest, ok := bytes.CutPrefix(raw, []byte(fence+"\n"))
	if !ok {
		return nil, "", fmt.Errorf("it does not begin with front matter: %w", ErrInvalid)
	}
	front, after, ok := bytes.Cut(rest, []byte("\n"+fence+"\n"))
	if !ok {
		return nil, "", fmt.Errorf("its front matter does not end: %w", ErrInvalid)
	}
	if len(front) > maxFront {
		return nil, "", fmt.Errorf("its front matter is larger than %d bytes: %w", maxFront, ErrInvalid)
	}
	return append(front, '\n'), incident.NormalizeText(string(after)), nil
}

// checkFront looks at the schema first, and refuses what no entry needs and attacks are made of.
func checkFront(front []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(front, &doc); err != nil {
		return fmt.Errorf("front matter: %w: %s", ErrInvalid, yamlPlaces(err))
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return fmt.Errorf("front matter is no mapping: %w", ErrInvalid)
	}
	if hasAlias(&doc) {
		return fmt.Errorf("front matter with aliases: %w", ErrInvalid)
	}
	if hasLargeMapping(&doc) {
		return fmt.Errorf("front matter with too many fields: %w", ErrInvalid)
	}
	n := 0
	for i, fields := 0, doc.Content[0].Content; i+1 < len(fields); i += 2 {
		if fields[i].Value == "schema" && fields[i+1].Decode(&n) != nil {
			n = 0
		}
	}
	switch {
	case n > schema:
		return fmt.Errorf("it has schema %d, made by a newer version of incident; this one knows %d: %w", n, schema, ErrInvalid)
	case n != schema:
		return fmt.Errorf("front matter has no schema that is known: %w", ErrInvalid)
	}
	return nil
}

// hasLargeMapping looks for more keys than any of ours has. To find a key that is there twice, yaml.v3
// compares each with each: a megabyte of keys would keep it busy for minutes.
func hasLargeMapping(n *yaml.Node) bool {
	return n.Kind == yaml.MappingNode && len(n.Content) > 2*64 || slices.ContainsFunc(n.Content, hasLargeMapping)
}

func hasAlias(n *yaml.Node) bool {
	return n.Kind == yaml.AliasNode || n.Anchor != "" || slices.ContainsFunc(n.Content, hasAlias)
}

var yamlLine = pattern.New(`(?m)^(?:yaml: )?\s*(line \d+):`)

// yamlPlaces keeps of an error of yaml.v3 where it is, and leaves out what the file says there.
func yamlPlaces(err error) string {
	var places []string
	for _, m := range yamlLine.FindAllStringSubmatch(err.Error(), -1) {
		places = append(places, m[1])
	}
	if places == nil {
		return "no valid YAML"
	}
	return strings.Join(places, ", ")
}

// parsePerson reads what [incident.Person.String] writes.
func parsePerson(s string) incident.Person {
	if i := strings.LastIndex(s, " <"); i >= 0 && strings.HasSuffix(s, ">") {
		return incident.Person{Name: s[:i], Email: s[i+2 : len(s)-1]}
	}
	return incident.Person{Name: s}
}

func texts(list []string) []text {
	var out []text
	for _, s := range list {
		out = append(out, text(s))
	}
	return out
}

func plainStrings(list []text) []string {
	var out []string
	for _, t := range list {
		out = append(out, string(t))
	}
	return out
}
