package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"gopkg.in/yaml.v3"

	"incident/pkg/clarity"
	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// GlossaryPath is where the team's own terms are, from the top of the record.
const GlossaryPath = settingsDir + "/glossary.yaml"

// maxTerms is how many terms of a team are read.
const maxTerms = 20000

// Glossary is the built-in glossary with the team's own terms, and what cannot be used of these. It is read when it is
// first asked for.
func (r *Record) Glossary() (*clarity.Glossary, []Finding) {
	if r.glossary == nil {
		r.glossary, r.glossaryMistakes = r.readGlossary()
	}
	return r.glossary, r.glossaryMistakes
}

func (r *Record) readGlossary() (*clarity.Glossary, []Finding) {
	raw, err := r.store.ReadFile(GlossaryPath, maxConfig)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return clarity.BuiltIn(), nil
	case err != nil:
		return clarity.BuiltIn(), []Finding{unusable(err)}
	}
	return ParseGlossary(raw)
}

// ParseGlossary reads a team's terms over the built-in ones. It takes what it can and reports the rest, so that a slip
// in this file never keeps a responder from writing.
func ParseGlossary(raw []byte) (*clarity.Glossary, []Finding) {
	r := glossaryReader{configReader: &configReader{noted: map[string]int{}, from: func(int) string { return GlossaryPath }}}
	r.document(raw, r.top)
	g, unusable := clarity.BuiltIn().With(r.terms)
	for _, e := range unusable {
		if len(r.findings) < maxFindings {
			r.find(r.nodes[e.Index], "%s; it is not used", e)
		}
	}
	return g, r.findings
}

// glossaryReader walks the YAML of a glossary.
type glossaryReader struct {
	*configReader
	terms []clarity.Term
	nodes []*yaml.Node // of the terms
}

func (r *glossaryReader) top(n *yaml.Node) {
	r.mapping(n, "the glossary", []field{{"terms", func(v *yaml.Node) {
		r.list(v, "terms", maxTerms, func(_ int, item *yaml.Node) { r.term(item) })
	}}})
}

func (r *glossaryReader) term(n *yaml.Node) {
	t := clarity.Term{Hard: true}
	r.mapping(n, "a term", []field{
		{"term", func(v *yaml.Node) { r.line(v, "term", &t.Term) }},
		{"plain", func(v *yaml.Node) { r.line(v, "plain", &t.Plain) }},
		{"level", func(v *yaml.Node) {
			if v.Value != "hard" && v.Value != "soft" {
				r.find(v, "level: %q is neither hard nor soft", v.Value)
			}
			t.Hard = v.Value != "soft"
		}},
		{"also", func(v *yaml.Node) {
			r.list(v, "also", maxItems, func(_ int, s *yaml.Node) {
				var also string
				if r.line(s, "also", &also); also != "" {
					t.Also = append(t.Also, also)
				}
			})
		}},
		{"audience", func(v *yaml.Node) {
			if err := t.Audience.UnmarshalText([]byte(v.Value)); err != nil {
				r.find(v, "audience: %s", err)
			}
		}},
		{"allowed", func(v *yaml.Node) {
			if err := v.Decode(&t.Allowed); err != nil {
				r.find(v, "allowed: %q is neither true nor false", v.Value)
			}
		}},
	})
	r.terms, r.nodes = append(r.terms, t), append(r.nodes, n)
}

// AddTerm puts a term into the team's glossary, in place of the one of that name if there is one, and commits that.
// It is an [ErrInvalid] for a term that cannot be used, and for a file that cannot be read.
func (r *Record) AddTerm(ctx context.Context, t clarity.Term, author string, dryRun bool) (commit string, err error) {
	if _, unusable := clarity.BuiltIn().With([]clarity.Term{t}); len(unusable) > 0 {
		return "", fail(incident.ErrInvalid, "", "%s", unusable[0])
	}
	who, committer := r.author(ctx, author)
	build := func(snap *gitstore.Snapshot) (*gitstore.Change, error) {
		old, err := snap.Read(GlossaryPath, maxConfig)
		if err != nil && !errors.Is(err, gitstore.ErrNotFound) {
			return nil, err
		}
		changed, err := withTerm(old, t)
		if err != nil || bytes.Equal(old, changed) {
			return nil, err
		}
		return &gitstore.Change{
			Files: []gitstore.NewFile{{Path: GlossaryPath, Data: changed}}, Message: fmt.Sprintf("glossary: %s\n", oneLine(t.Term)),
			Author: who, Committer: committer, When: r.now(),
		}, nil
	}
	r.glossary = nil
	if dryRun {
		return "", r.store.Check(ctx, build)
	}
	return r.store.Commit(ctx, build)
}

const glossaryHead = `# The team's own words: terms that its readers do not know, with plain ones, and those that they do.
#
#   incident glossary add BGP --plain "the routing information that tells the internet how to reach us"
#   incident glossary add webhook --allowed
#   incident config check   finds mistakes, with line numbers
`

// withTerm is the text of a glossary with a term more, or another one in its place. Comments stay.
func withTerm(old []byte, t clarity.Term) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(old, &doc); err != nil {
		return nil, fail(incident.ErrInvalid, "incident config check says where", "%s is no YAML", GlossaryPath)
	}
	if len(doc.Content) == 0 || isNull(doc.Content[0]) { // nothing but comments, or not there
		head := strings.TrimRight(string(old), "\n") + "\n"
		if len(old) == 0 {
			head = glossaryHead
		}
		old = []byte(head + "terms: []\n")
		if err := yaml.Unmarshal(old, &doc); err != nil {
			return nil, err
		}
	}
	terms := child(doc.Content[0], "terms")
	if terms == nil || terms.Kind != yaml.SequenceNode {
		return nil, fail(incident.ErrInvalid, "put \"terms: []\" there", "%s holds no list of terms", GlossaryPath)
	}
	var node yaml.Node
	if err := node.Encode(yamlTerm(t)); err != nil {
		return nil, err
	}
	node.Style, terms.Style = yaml.FlowStyle, 0
	at := -1
	for i, n := range terms.Content {
		if name := child(n, "term"); name != nil && clarity.SameTerm(name.Value, t.Term) {
			at = i
		}
	}
	if at < 0 {
		terms.Content = append(terms.Content, &node)
	} else {
		node.HeadComment, node.LineComment, node.FootComment = terms.Content[at].HeadComment, terms.Content[at].LineComment, terms.Content[at].FootComment
		terms.Content[at] = &node
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := errors.Join(enc.Encode(&doc), enc.Close())
	return b.Bytes(), err
}

// child is the value of a key of a mapping, nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// yamlTerm is a term as the file spells it.
func yamlTerm(t clarity.Term) any {
	level := "hard"
	if !t.Hard {
		level = "soft"
	}
	out := struct {
		Term     string   `yaml:"term"`
		Plain    string   `yaml:"plain,omitempty"`
		Level    string   `yaml:"level,omitempty"`
		Also     []string `yaml:"also,omitempty,flow"`
		Audience string   `yaml:"audience,omitempty"`
		Allowed  bool     `yaml:"allowed,omitempty"`
	}{Term: t.Term, Plain: t.Plain, Level: level, Also: t.Also, Allowed: t.Allowed}
	if t.Allowed {
		out.Level = ""
	}
	if t.Audience != 0 {
		out.Audience = t.Audience.String()
	}
	return out
}
