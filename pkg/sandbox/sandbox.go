package sandbox

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"incident/pkg/pattern"
)

// Limits of a template. The steps are a fraction of a second; what is made of many entries is allowed more.
const (
	maxSource   = 256 << 10 // bytes of the template itself
	maxSteps    = 100_000
	maxDepth    = 200      // templates within templates
	maxDocument = 4 << 20  // bytes written
	maxMade     = 64 << 10 // bytes of the values from which a function makes one string
	maxMadeAll  = 64 << 20 // bytes of all strings that functions make
)

// node is a place in a template that is counted.
type node struct {
	template     string
	line, column int
	weight       int // the values and functions that it takes, and one for counting it
}

// guard executes one template, once.
type guard struct {
	name, source string
	nodes        []node
	last         int // of nodes: the newest that began
	steps        int
	allowed      int // steps
	depth        int
	made         int
	out          strings.Builder
}

var errTooLong = errors.New("the document grows beyond 4 MiB")

// Execute makes a text from a template; its name is for errors. More are the steps that it may take beyond those that
// each template has. Every error is a [TemplateError].
func Execute(name, source string, data any, more int) (string, error) {
	g := &guard{name: name, source: strings.ReplaceAll(source, "\r\n", "\n"), allowed: maxSteps + more}
	if len(source) > maxSource {
		return "", &TemplateError{Template: name, Problem: fmt.Sprintf("it is larger than %d KiB", maxSource>>10)}
	}
	t, err := template.New(name).Funcs(g.functions()).Parse(g.source)
	if err != nil {
		return "", g.misread(err)
	}
	g.countAll(t)
	// Only now, so that the template itself cannot call them.
	t.Funcs(g.counters())
	if err := t.Execute(g, data); err != nil {
		return "", g.broke(err)
	}
	return g.out.String(), nil
}

// countAll counts every node of a template and of those that it defines.
func (g *guard) countAll(t *template.Template) {
	for _, tree := range t.Templates() {
		if tree.Tree != nil && tree.Root != nil {
			g.count(tree.Root)
			tree.Root.Nodes = append([]parse.Node{call("enter")}, append(tree.Root.Nodes, call("leave"))...)
		}
	}
}

func (g *guard) counters() template.FuncMap {
	return template.FuncMap{"step": g.step, "enter": g.enter, "leave": g.leave}
}

// count puts a step before every node of the list but its plain text.
func (g *guard) count(list *parse.ListNode) {
	if list == nil {
		return
	}
	var counted []parse.Node
	for _, n := range list.Nodes {
		if n.Type() != parse.NodeText {
			counted = append(counted, g.stepBefore(n, weigh(n)))
		}
		counted = append(counted, n)
		switch n := n.(type) {
		case *parse.IfNode:
			g.count(n.List)
			g.count(n.ElseList)
		case *parse.WithNode:
			g.count(n.List)
			g.count(n.ElseList)
		case *parse.RangeNode:
			g.count(n.List)
			g.count(n.ElseList)
			// Each turn counts, also that of a body with nothing in it.
			n.List.Nodes = append([]parse.Node{g.stepBefore(n, 1)}, n.List.Nodes...)
		}
	}
	list.Nodes = counted
}

// stepBefore is the call that counts n, and itself.
func (g *guard) stepBefore(n parse.Node, weight int) parse.Node {
	before := g.source[:min(int(n.Position()), len(g.source))]
	at := node{template: g.name, line: 1 + strings.Count(before, "\n"), column: len(before) - strings.LastIndexByte(before, '\n'), weight: weight + 1}
	g.nodes = append(g.nodes, at)
	return call("step", len(g.nodes)-1)
}

// call is a node that calls a function with numbers. It has no position of its own: an error in it is told
// by the place that was counted last.
func call(name string, args ...int) parse.Node {
	words := []parse.Node{parse.NewIdentifier(name)}
	for _, n := range args {
		words = append(words, &parse.NumberNode{NodeType: parse.NodeNumber, IsInt: true, Int64: int64(n), Text: strconv.Itoa(n)})
	}
	command := &parse.CommandNode{NodeType: parse.NodeCommand, Args: words}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pipe: &parse.PipeNode{NodeType: parse.NodePipe, Cmds: []*parse.CommandNode{command}}}
}

// weigh counts the values and functions that a node takes, without what is inside its branches.
func weigh(n parse.Node) int {
	switch n := n.(type) {
	case *parse.ActionNode:
		return 1 + weigh(n.Pipe)
	case *parse.IfNode:
		return 1 + weigh(n.Pipe)
	case *parse.WithNode:
		return 1 + weigh(n.Pipe)
	case *parse.RangeNode:
		return 1 + weigh(n.Pipe)
	case *parse.TemplateNode:
		if n.Pipe == nil {
			return 1
		}
		return 1 + weigh(n.Pipe)
	case *parse.ChainNode:
		return 1 + weigh(n.Node)
	case *parse.PipeNode:
		sum := 0
		for _, c := range n.Cmds {
			for _, a := range c.Args {
				sum += weigh(a)
			}
		}
		return sum
	default:
		return 1
	}
}

// limit is an error of the guard's own, which needs no more words than its own.
type limit string

func (l limit) Error() string { return string(l) }

func (g *guard) step(n int) (string, error) {
	g.last = n
	g.steps += g.nodes[n].weight
	return "", g.over()
}

func (g *guard) over() error {
	if g.steps > g.allowed {
		return limit(fmt.Sprintf("it does not come to an end; stopped here after %d steps", g.allowed))
	}
	return nil
}

func (g *guard) enter() (string, error) {
	if g.depth++; g.depth > maxDepth {
		return "", limit(fmt.Sprintf("templates call each other more than %d deep", maxDepth))
	}
	g.steps += 2
	return "", g.over()
}

func (g *guard) leave() string {
	g.depth--
	return ""
}

// Write takes what the template writes, up to its limit.
func (g *guard) Write(p []byte) (int, error) {
	if g.out.Len()+len(p) > maxDocument {
		return 0, errTooLong
	}
	return g.out.Write(p)
}

// functions replace those of text/template that make strings.
func (g *guard) functions() template.FuncMap {
	return template.FuncMap{
		"print":    g.bounded(1, fmt.Sprint),
		"println":  g.bounded(1, fmt.Sprintln),
		"html":     g.bounded(6, template.HTMLEscaper),
		"js":       g.bounded(6, template.JSEscaper),
		"urlquery": g.bounded(3, template.URLQueryEscaper),
		"printf":   g.printf,
		"call":     func(...any) (string, error) { return "", limit("there are no functions to call") },
	}
}

// bounded is f for values of one word each, where what it makes is not too long. growth is how much longer
// than its arguments that can be.
func (g *guard) bounded(growth int, f func(...any) string) func(...any) (string, error) {
	return func(args ...any) (string, error) {
		if err := g.allow(0, growth, args); err != nil {
			return "", err
		}
		return f(args...), nil
	}
}

// format is what printf understands: each value once, in widths that a document needs.
var format = pattern.New(`^(?:[^%]|%[-+ 0]?[0-9]{0,2}(?:\.[0-9]{1,2})?[sdvqtfgx%])*$`)

func (g *guard) printf(f string, args ...any) (string, error) {
	if !format.MatchString(f) {
		return "", limit(fmt.Sprintf("printf %q: only %%s %%d %%v %%q %%t %%f %%g %%x, with widths up to 99", f))
	}
	if err := g.allow(len(f)+100*strings.Count(f, "%"), 4, args); err != nil {
		return "", err
	}
	return fmt.Sprintf(f, args...), nil
}

// allow lets a string be made of args, or says why not.
func (g *guard) allow(size, growth int, args []any) error {
	for _, a := range args {
		switch v := reflect.ValueOf(a); v.Kind() {
		case reflect.String:
			size += v.Len()*growth + 1
		case reflect.Bool, reflect.Int, reflect.Float64:
			size += 400 // the longest number that %f writes
		default:
			return limit("only text, numbers and truth values can be printed; choose a field")
		}
	}
	g.made += size
	if size > maxMade*max(growth, 1) || g.made > maxMadeAll {
		return limit(fmt.Sprintf("the text is too long for a function: more than %d KiB, or %d MiB in all", maxMade>>10, maxMadeAll>>20))
	}
	return nil
}

// place is where text/template says that an error is.
var place = pattern.New(`^:([0-9]+)(?::([0-9]+))?: (?s:(.*))$`)

var noField = pattern.New(`can't evaluate field (\w+) in type \*?(?:\w+\.)?(\S+)$`)

// broke is an error of execution.
func (g *guard) broke(err error) error {
	out := &TemplateError{Template: g.name}
	if len(g.nodes) > 0 {
		out.Template, out.Line, out.Column = g.nodes[g.last].template, g.nodes[g.last].line, g.nodes[g.last].column
	}
	var ours limit
	if errors.As(err, &ours) || errors.Is(err, errTooLong) {
		out.Problem = ours.Error()
		if ours == "" {
			out.Problem = errTooLong.Error()
		}
		return out
	}
	rest := strings.TrimPrefix(err.Error(), "template: "+g.name)
	if m := place.FindStringSubmatch(rest); m != nil {
		out.Line, _ = strconv.Atoi(m[1])
		column, _ := strconv.Atoi(m[2])
		out.Column = column + 1 // text/template counts lines from 1 and bytes from 0
		rest = m[3]
	}
	out.Problem = strings.TrimPrefix(rest, ": ")
	if m := noField.FindStringSubmatch(rest); m != nil {
		out.Problem = fmt.Sprintf("%s has no field %s", m[2], m[1])
		if m[2] != strings.TrimLeft(m[2], "[]") {
			out.Problem = fmt.Sprintf("a list has no field %s; use range", m[1])
		}
		return out
	}
	if _, problem, ok := strings.Cut(rest, ">: "); ok && strings.HasPrefix(rest, "executing ") {
		out.Problem = problem
	}
	return out
}

// misread is an error of the parser, which knows the line alone.
func (g *guard) misread(err error) error {
	out := &TemplateError{Template: g.name}
	rest := strings.TrimPrefix(err.Error(), "template: "+g.name)
	if m := place.FindStringSubmatch(rest); m != nil {
		out.Line, _ = strconv.Atoi(m[1])
		rest = m[3]
	}
	out.Problem = strings.TrimPrefix(rest, ": ")
	if lines := strings.Split(g.source, "\n"); out.Line > 0 && out.Line <= len(lines) {
		out.Column = column(lines[out.Line-1], out.Problem)
	}
	return out
}

var quoted = pattern.New(`"(?:[^"\\]|\\.)*"`)

// column finds what a problem is about in its line: the word that it quotes, else the last action that was
// not closed, else the first.
func column(line, problem string) int {
	if word, err := strconv.Unquote(quoted.FindString(problem)); err == nil && word != "" {
		if i := strings.Index(line, word); i >= 0 {
			return i + 1
		}
	}
	if i := strings.LastIndex(line, "{{"); i >= 0 && !strings.Contains(line[i:], "}}") {
		return i + 1
	}
	return max(0, strings.Index(line, "{{")) + 1
}
