package record

import (
	"encoding"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Front matter is most of the work of reading an entry, since YAML can be spelled in so many ways. What [encode] writes is
// spelled in one: the fields in their order, a line each, indented by four. That is read here.
//
// The rule: yaml.v3 has the last word. What is accepted here it accepts too, and reads as the same; tests hold that. What
// is not certainly so is refused here and left to it: another order, an escape, a comment, an unknown field.

// quick reads lines from the top down.
type quick struct {
	left   string // what is still to be read
	before string // what stands before the next field
	indent string // what stands before those after it
	bad    bool   // this is for yaml.v3
}

// quickHeader reads front matter that is as encode writes it.
func quickHeader(front []byte) (h header, ok bool) {
	q := quick{left: string(front)}
	q.header(&h)
	return h, q.left == "" && !q.bad && h.Schema == schema
}

func (q *quick) header(h *header) {
	h.Schema, _ = q.number("schema")
	q.word("kind", &h.Kind)
	q.word("audience", &h.Audience)
	q.time("at", &h.At)
	q.text("author", &h.Author)
	q.text("key", &h.Key)
	q.word("status", &h.Status)
	q.text("title", &h.Title)
	q.text("headline", &h.Headline)
	q.word("severity", &h.Severity)
	q.word("impact", &h.Impact)
	quickList(q, "components", &h.Components, func(c *componentHeader) {
		q.text("name", &c.Name)
		q.word("state", &c.State)
	})
	q.time("started", &h.Started)
	if n, ok := q.number("customers"); ok {
		h.Customers = &n
	}
	if f, ok := q.fraction("share"); ok {
		h.Share = &f
	}
	q.texts("tags", &h.Tags)
	q.text("cause", &h.Cause)
	q.text("role", &h.Role)
	q.text("holder", &h.Holder)
	q.texts("to", &h.To)
	q.next(&h.Next)
	q.text("because", &h.Because)
	q.yes("cadence", &h.Cadence)
	q.text("corrects", &h.Corrects)
	q.text("retracts", &h.Retracts)
	q.texts("acks", &h.Acks)
	q.texts("as", &h.As)
	q.action(&h.Action)
	quickList(q, "accepted", &h.Accepted, func(a *acceptedHeader) {
		q.text("rule", &a.Rule)
		q.text("reason", &a.Reason)
	})
	quickList(q, "attachments", &h.Attachments, func(a *attachmentHeader) {
		q.text("name", &a.Name)
		q.text("file", &a.File)
		size, _ := q.number("size")
		a.Size = int64(size)
		q.text("sha256", &a.SHA256)
	})
	q.text("document", &h.Document)
}

func (q *quick) next(n *next) {
	if rest, none := strings.CutPrefix(q.left, "next: none\n"); none {
		n.None, q.left = true, rest
		return
	}
	q.time("next", &n.By)
}

func (q *quick) action(action **actionHeader) {
	if !q.opens("action") {
		return
	}
	a, lines := new(actionHeader), q.left
	q.before, q.indent = "    ", "    "
	q.text("owner", &a.Owner)
	q.time("due", &a.Due)
	q.text("for", &a.For)
	q.text("link", &a.Link)
	q.text("settles", &a.Settles)
	q.word("state", &a.State)
	q.before, q.indent = "", ""
	*action, q.bad = a, q.bad || q.left == lines
}

// value is what stands behind a key on the next line, if that is the key's.
func (q *quick) value(key string) (string, bool) {
	rest, placed := strings.CutPrefix(q.left, q.before)
	rest, named := strings.CutPrefix(rest, key)
	rest, given := strings.CutPrefix(rest, ": ")
	if !placed || !named || !given {
		return "", false
	}
	value, left, _ := strings.Cut(rest, "\n")
	q.left, q.before = left, q.indent
	return value, true
}

// opens passes the line of a key whose values stand on the lines below it, if that is the next.
func (q *quick) opens(key string) bool {
	rest, named := strings.CutPrefix(q.left, key)
	rest, alone := strings.CutPrefix(rest, ":\n")
	if named && alone {
		q.left = rest
	}
	return named && alone
}

// quickItem is what an item of a list begins with.
const quickItem = "    - "

func quickList[T any](q *quick, key string, items *[]T, fields func(*T)) {
	if !q.opens(key) {
		return
	}
	for strings.HasPrefix(q.left, quickItem) {
		var one T
		q.before, q.indent = quickItem, "      "
		if fields(&one); q.before == quickItem {
			q.bad, q.left = true, "" // there was nothing to read in it
		}
		*items = append(*items, one)
	}
	q.before, q.indent = "", ""
	q.bad = q.bad || len(*items) == 0
}

func (q *quick) texts(key string, list *[]text) {
	quickList(q, key, list, func(t *text) {
		line, left, _ := strings.Cut(q.left[len(quickItem):], "\n")
		*t, q.left, q.before = text(q.scalar(line)), left, ""
	})
}

func (q *quick) text(key string, t *text) {
	if v, ok := q.value(key); ok {
		*t = text(q.scalar(v))
	}
}

func (q *quick) word(key string, w encoding.TextUnmarshaler) {
	if v, ok := q.value(key); ok {
		q.bad = w.UnmarshalText([]byte(q.scalar(v))) != nil || q.bad
	}
}

// scalar is a text, plain or in quotes, in which nothing has another meaning than itself.
func (q *quick) scalar(v string) string {
	q.bad = q.bad || v == "" || strings.ContainsFunc(v, odd)
	switch {
	case q.bad:
		return ""
	case v[0] == '"' || v[0] == '\'':
		inner, closed := strings.CutSuffix(v[1:], v[:1])
		q.bad = !closed || strings.Contains(inner, v[:1]) || strings.Contains(inner, `\`)
		return inner
	default:
		last := v[len(v)-1]
		q.bad = !ordinary(v[0]) || last == ' ' || last == ':' || strings.Contains(v, ": ") || strings.Contains(v, " #") || strings.EqualFold(v, "null")
		return v
	}
}

// odd reports a character that YAML may treat in its own way wherever it stands.
func odd(r rune) bool {
	return r < ' ' || r > '~' && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == '\ufffe' || r == '\uffff'
}

// ordinary reports whether a plain text can begin with it, and be nothing else.
func ordinary(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func (q *quick) yes(key string, flag *bool) {
	if v, ok := q.value(key); ok {
		*flag, q.bad = true, q.bad || v != "true"
	}
}

// number is one that is spelled in the usual way: neither 017 nor 0x1f nor 1_000 nor 1e3.
func (q *quick) number(key string) (n int, ok bool) {
	v, ok := q.value(key)
	if ok {
		var err error
		n, err = strconv.Atoi(v)
		q.bad = q.bad || err != nil || strconv.Itoa(n) != v
	}
	return n, ok
}

func (q *quick) fraction(key string) (f float64, ok bool) {
	v, ok := q.value(key)
	if ok {
		var err error
		f, err = strconv.ParseFloat(v, 64)
		q.bad = q.bad || err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strconv.FormatFloat(f, 'f', -1, 64) != v
	}
	return f, ok
}

func (q *quick) time(key string, at *time.Time) {
	if v, ok := q.value(key); ok {
		t, err := time.Parse(time.RFC3339Nano, v)
		*at, q.bad = t, q.bad || err != nil || t.Format(time.RFC3339Nano) != v
	}
}
