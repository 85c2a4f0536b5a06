//go:build !windows

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoteAsksWhatReadersAsk(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "-c", "Card payments=partial_outage")
	p := d.types("note", "-a", "customer", "--ask", "--doing", "We are withdrawing this morning's change")
	p.answers("What does not work, and for whom?", "One in five card payments fails"+enter)
	p.answers("What can they do meanwhile?", "Bank transfer works"+enter)
	p.answers("When do they hear next?", "30m"+enter)
	screen := p.ends(0)
	require.NotContains(t, screen, "What are you doing about it?", "a flag has answered that")
	require.Contains(t, screen, "Next update by ")
	require.Equal(t, "One in five card payments fails. We are withdrawing this morning's change. Bank transfer works.", d.last())

	// Who leaves in the middle loses nothing of what was answered.
	p = d.types("note", "-a", "customer", "--ask")
	p.answers("What does not work, and for whom?", "Search is slow for shoppers in Spain"+enter)
	p.answers("What are you doing about it?", ctrlC)
	p.ends(130)
	require.Len(t, d.drafts(), 1)
	require.Equal(t, 3, d.commits())
}

func TestTheEditorAsksWhatReadersAsk(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "-c", "Card payments=partial_outage", "--started", "10m ago")
	d.editor(`cp "$1" seen; sed '/What does not work/a One in five card payments fails.' "$1" | sed '/What are you doing/a\
We are withdrawing a change.\
\
It takes ten minutes.' >new; mv new "$1"`)
	d.types("note", "-a", "customer", "--next", "30m").ends(0)
	require.Regexp(t, `(?m)^<!-- What does not work, and for whom\? .* On record: Card payments, since (\d+ \w+ )?\d\d:\d\d UTC\. -->$`, d.seen())
	require.Equal(t, "One in five card payments fails.\n\nWe are withdrawing a change.\n\nIt takes ten minutes.", d.last())

	// Questions alone are no text.
	d.editor(`cp "$1" seen`)
	require.Contains(t, d.types("note", "-a", "stakeholder").ends(3), "the text is empty; nothing was recorded")
	require.Contains(t, d.seen(), "What do you need from them?")
	d.types("note", "-a", "internal").ends(3)
	require.NotContains(t, d.seen(), "<!--", "the war room knows what it wants to say")
}

func TestTheEditorShowsTheNoteThatIsPutIntoPlainWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "-c", "Card payments=partial_outage")
	d.quietly("note", "-o", "id", "p99 of payments-api at 9 s since 14:02, 20% of calls fail")
	d.editor(`cp "$1" seen; { echo 'Card payments fail.'; cat "$1"; } >new; mv new "$1"`)
	name := d.quietly("log", "-o", "id")
	from := name[len(name)-7 : len(name)-1]
	p := d.types("note", "-a", "customer", "--next", "30m", "--from", from)
	require.Contains(t, p.ends(0), "the note says more: 9 s, 14:02, 20%")
	require.Contains(t, d.seen(), "It puts this into plain words:\n\n    p99 of payments-api at 9 s since 14:02, 20% of calls fail\n")
}

func TestResolveOffersWhatTheRecordCanSay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "-c", "Card payments=partial_outage", "--severity", "sev2", "--started", "2h ago")
	p := d.types("resolve", "-a", "customer")
	p.answers("What do you tell customers? (Enter for that)", enter)
	p.ends(0)
	require.Regexp(t, `^Card payments \(partial outage\): back to normal since (\d+ \w+ )?\d\d:\d\d UTC\. It lasted from (\d\d:\d\d to \d\d:\d\d|.* to .*) UTC, 2 h\. What happened, why, and what we change because of it we publish by \d+ \w+ \d\d:\d\d UTC\.$`, d.last())
}
