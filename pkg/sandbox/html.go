package sandbox

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	text "text/template"
)

// HTML is a set of HTML templates, some of which come from whoever may push to a record.
type HTML struct {
	set   *template.Template
	guard *guard // nil where all are ours
}

// NewHTML puts templates of strangers, by name, in the place of ours, or beside them. Every error is a [TemplateError].
func NewHTML(ours *template.Template, theirs map[string]string) (*HTML, error) {
	h := &HTML{set: ours}
	if len(theirs) == 0 {
		return h, nil
	}
	h.guard = &guard{allowed: maxSteps}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		g := h.guard
		g.name, g.source = name, strings.ReplaceAll(theirs[name], "\r\n", "\n")
		if len(g.source) > maxSource {
			return nil, &TemplateError{Template: name, Problem: fmt.Sprintf("it is larger than %d KiB", maxSource>>10)}
		}
		t, err := text.New(name).Funcs(g.functions()).Parse(g.source)
		if err != nil {
			return nil, g.misread(err)
		}
		g.countAll(t)
		for _, tree := range t.Templates() {
			if _, err := ours.AddParseTree(tree.Name(), tree.Tree); err != nil {
				return nil, g.misread(err)
			}
		}
	}
	ours.Funcs(template.FuncMap(h.guard.functions())).Funcs(template.FuncMap(h.guard.counters()))
	return h, nil
}

// Execute makes a page from the template of that name. More are the steps that the templates of strangers may take beyond
// those that each page has. Every error of theirs is a [TemplateError].
func (h *HTML) Execute(name string, data any, more int) (string, error) {
	if h.guard == nil {
		var b strings.Builder
		err := h.set.ExecuteTemplate(&b, name, data)
		return b.String(), err
	}
	g := h.guard
	g.steps, g.depth, g.made, g.allowed = 0, 0, 0, maxSteps+more
	g.out.Reset()
	if err := h.set.ExecuteTemplate(g, name, data); err != nil {
		var wrong *template.Error
		if errors.As(err, &wrong) { // of escaping, which knows where
			return "", &TemplateError{Template: wrong.Name, Line: wrong.Line, Problem: wrong.Description}
		}
		return "", g.broke(err)
	}
	return g.out.String(), nil
}
