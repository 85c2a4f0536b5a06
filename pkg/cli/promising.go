package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

// farAhead is how far ahead nothing is promised without being asked again: who types 30d meant 30m.
const farAhead = 7 * 24 * time.Hour

// nextFlags are the flags by which an entry promises its audience the next word.
func (w *writing) nextFlags(cmd *cobra.Command, promised *string) {
	cmd.Flags().StringVar(promised, "next", "", "`WHEN` this audience hears again: 30m, 15:30, none (default: as the cadence of the severity says)")
	cmd.Flags().StringVar(&w.because, "because", "", "`WHY` the next word takes more than twice as long as the cadence says")
}

// promiseNext promises the next word where the words of an entry are the kind that does, and nobody said when: by the
// team's cadence. It refuses a promise that is unlikely to be meant.
func (w *writing) promiseNext(ctx context.Context, j *job, zone *time.Location) error {
	e := &j.entry
	age := time.Duration(0)
	if !j.inc.Opened.IsZero() {
		age = e.At.Sub(j.inc.Began())
	}
	every := w.owes.Every(cmp.Or(e.Severity, j.inc.Severity), e.Audience, cmp.Or(e.Status, j.inc.Status), age)
	if e.Audience == incident.Technical { // nothing stands between engineers and the record
		return nil
	}
	if err := w.keepWord(e, zone, cmp.Or(e.Status, j.inc.Status).Over()); err != nil {
		return err
	}
	if w.because != "" && e.Next.By.IsZero() {
		return usage(`--next 2h --because "…"`, "--because says why a promise is late, and none is made")
	}
	e.Next.Because = strings.TrimSpace(w.because)
	if !e.Next.By.IsZero() && !e.Next.Cadence {
		return w.checkPromise(ctx, e, every)
	}
	speaks := e.Text != "" || len(j.attach) > 0
	if e.Next.None || !speaks || e.Corrects != "" || e.Kind == incident.Retracted || e.Kind == incident.Postmortem || every == 0 {
		return nil
	}
	if by := e.At.Add(every); by.After(w.Now()) { // else it is told afterwards, and was never promised
		if whole := by.Truncate(time.Minute); whole.After(e.At) {
			by = whole
		}
		e.Next.By, e.Next.Cadence = by, true
	}
	return nil
}

// keepWord promises the time that the words themselves give for the next update. Two times that differ are refused, and
// one that is over: readers would hold us to both.
func (w *writing) keepWord(e *incident.Entry, zone *time.Location, over bool) error {
	if e.Text == "" || over || e.Corrects != "" || e.Kind == incident.Retracted || e.Audience < incident.Stakeholder {
		return nil
	}
	said, utc := clarity.SaidNext(e.Text)
	if said == "" {
		return nil
	}
	in := zone
	if utc || in == nil {
		in = time.UTC
	}
	by, err := when.Next(said, e.At.In(in))
	if err != nil {
		return usage("put the time right in the text", "the text gives %s for the next update: %s", said, err)
	}
	named := !e.Next.By.IsZero() && !e.Next.Cadence
	if apart := by.Sub(e.Next.By).Abs(); named && apart > time.Minute {
		return usage("leave --next out, or put the text right", "the text gives %s for the next update, and --next %s", said, w.clocks(e.Next.By))
	}
	if !named && !e.Next.None {
		e.Next.By, e.Next.Cadence = by, false
	}
	return nil
}

// checkPromise asks about a promise that is far ahead, and for a reason where it takes much longer than usual. Where
// nobody can be asked, it is refused.
func (w *writing) checkPromise(ctx context.Context, e *incident.Entry, every time.Duration) error {
	ahead := e.Next.By.Sub(e.At)
	if ahead > farAhead {
		far := fmt.Sprintf("the next word is promised in %s, %s", when.FormatDuration(ahead), w.clock(e.Next.By))
		sure, err := w.prompt.Confirm(ctx, strings.ToUpper(far[:1])+far[1:]+". Is that meant?", false)
		switch {
		case errors.Is(err, terminal.ErrNoTerminal):
			return usage("promise one within a week: --next 24h", "%s", far)
		case err != nil:
			return err
		case !sure:
			return &advised{errAborted, "nothing was recorded", "promise another time: --next 30m"}
		}
	}
	if every == 0 || ahead <= 2*every || e.Next.Because != "" {
		return nil
	}
	long := fmt.Sprintf("%s wait %s for the next word, more than twice the %s that is usual", e.Audience.Readers(), when.FormatDuration(ahead), when.FormatDuration(every))
	reason, err := w.prompt.Input(ctx, terminal.Question{Message: strings.ToUpper(long[:1]) + long[1:] + ". Why?", Required: true})
	if errors.Is(err, terminal.ErrNoTerminal) {
		return usage(`say why: --because "…"`, "%s", long)
	}
	w.because, e.Next.Because = reason, reason
	return err
}
