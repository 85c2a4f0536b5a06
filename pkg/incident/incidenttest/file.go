package incidenttest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"incident/pkg/incident"
)

// File is the file of an entry as somebody would write it by hand: what is zero is left out, every word is in quotes.
// It is for tests that have no codec; what the codec refuses comes back as an entry that cannot be read.
func File(e incident.Entry) string {
	var b strings.Builder
	plain := func(key string, value any, said bool) {
		if said {
			fmt.Fprintf(&b, "%s: %v\n", key, value)
		}
	}
	word := func(key, value string) { plain(key, strconv.Quote(value), value != "") }
	words := func(key string, list []string) {
		var quoted []string
		for _, s := range list {
			quoted = append(quoted, strconv.Quote(s))
		}
		plain(key, "["+strings.Join(quoted, ", ")+"]", len(list) > 0)
	}
	moment := func(key string, at time.Time) { plain(key, at.UTC().Format(time.RFC3339Nano), !at.IsZero()) }

	b.WriteString("---\nschema: 1\n")
	plain("kind", e.Kind, true)
	plain("audience", e.Audience, true)
	plain("at", e.At.UTC().Format(time.RFC3339Nano), true)
	word("author", e.Author.String())
	word("key", e.Key)
	plain("status", e.Status, e.Status != 0)
	word("title", e.Title)
	word("headline", e.Headline)
	plain("severity", e.Severity, e.Severity != 0)
	plain("impact", e.Impact, e.Impact != 0)
	for n, c := range e.Components {
		plain("components", "", n == 0)
		fmt.Fprintf(&b, "  - {name: %q, state: %s}\n", c.Name, c.State)
	}
	moment("started", e.Started)
	if e.Customers != nil {
		plain("customers", *e.Customers, true)
	}
	if e.Share != nil {
		plain("share", *e.Share, true)
	}
	words("tags", e.Tags)
	word("cause", e.Cause)
	word("role", e.Role)
	word("holder", e.Holder)
	words("to", e.To)
	plain("next", "none", e.Next.None)
	if !e.Next.None {
		moment("next", e.Next.By)
	}
	word("because", e.Next.Because)
	plain("cadence", true, e.Next.Cadence)
	word("corrects", e.Corrects)
	word("retracts", e.Retracts)
	words("acks", e.Acks)
	words("as", e.As)
	if a := e.Action; a != (incident.ActionFacts{}) {
		fmt.Fprintf(&b, "action: {owner: %q, for: %q, link: %q, settles: %q", a.Owner, a.For, a.Link, a.Settles)
		if a.State != 0 {
			fmt.Fprintf(&b, ", state: %s", a.State)
		}
		if !a.Due.IsZero() {
			fmt.Fprintf(&b, ", due: %s", a.Due.UTC().Format(time.RFC3339Nano))
		}
		b.WriteString("}\n")
	}
	for n, a := range e.Accepted {
		plain("accepted", "", n == 0)
		fmt.Fprintf(&b, "  - {rule: %q, reason: %q}\n", a.Rule, a.Reason)
	}
	for n, a := range e.Attachments {
		plain("attachments", "", n == 0)
		fmt.Fprintf(&b, "  - {name: %q, file: %q, size: %d, sha256: %q}\n", a.Name, a.File, a.Size, a.SHA256)
	}
	word("document", e.Document)
	b.WriteString("---\n")
	if e.Text != "" {
		b.WriteString("\n" + e.Text + "\n")
	}
	return b.String()
}
