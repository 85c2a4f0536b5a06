package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/view"
)

// publishWait is how long a write that is recorded already may wait for its page.
const publishWait = 30 * time.Second

// A page that could not be published by itself is owed until it is.
const (
	owedPublish  incident.Debt = "publish"
	whyNotPublic incident.Why  = "not_published"
)

// publishAfter publishes the page after a write that may have changed it, where this clone was told to. The entry is kept
// and acknowledged by now, so that nothing that happens here is a failure. It says how its address is to be told.
func (w *writing) publishAfter(ctx context.Context, rec *record.Record, done record.Written) (lead string) {
	const later = "On the page, once it is published: "
	if rec.Store().Setting(ctx, autopublishKey) != "true" || !done.Incident.Public() || done.Entry.Kind == incident.Note && done.Entry.Audience != incident.Customer {
		return later
	}
	c := pagePublishCmd{paging: paging{deps: w.deps, audience: incident.Customer}}
	ctx, stop := context.WithTimeoutCause(ctx, publishWait, &advised{gitstore.ErrNetwork, fmt.Sprintf("not done within %s", publishWait), ""})
	defer stop()
	targets, err := savedTargets(ctx, rec)
	if err == nil {
		_, err = c.publish(ctx, rec, targets)
	}
	if err == nil {
		return "On the page: "
	}
	w.warn(fmt.Sprintf("recorded here, but the page still tells what it told: %v; next: incident page publish", err))
	raw, _ := json.Marshal(unpublished{w.Now(), err.Error()}) // it has nothing that JSON cannot hold
	if err := os.WriteFile(unpublishedPath(rec), raw, 0o600); err != nil {
		w.warn(fmt.Sprintf("and \"incident due\" will not tell of it: %v", err))
	}
	return later
}

// unpublished is a page that could not be published by itself, as this clone remembers it.
type unpublished struct {
	At      time.Time
	Problem string
}

func unpublishedPath(rec *record.Record) string {
	return filepath.Join(rec.Store().PrivateDir(), "unpublished")
}

// publishSettled forgets that a page could not be published.
func (d *deps) publishSettled(rec *record.Record) {
	if err := os.Remove(unpublishedPath(rec)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.warn(fmt.Sprintf("\"incident due\" will go on asking for this page: %v", err))
	}
}

// owedPage is the page that could not be published, if one is owed.
func owedPage(rec *record.Record) []debt {
	raw, err := os.ReadFile(unpublishedPath(rec))
	if err != nil {
		return nil
	}
	var u unpublished
	if json.Unmarshal(raw, &u) != nil { // cut short: that there was one is known all the same
		u.Problem = "the last try failed"
	}
	problem, _, _ := strings.Cut(u.Problem, "\n")
	return []debt{{Owed: incident.Owed{What: owedPublish, Audience: incident.Customer, By: u.At, Why: whyNotPublic, To: problem}}}
}

// publicAddress is where customers find an entry on the page, "" where they do not, or where nobody knows the page's address.
func publicAddress(rec *record.Record, inc incident.Incident, e incident.Entry) string {
	if rec.Config.Page.Address == "" || e.Audience != incident.Customer || e.Text == "" || !inc.Public() || e.Kind == incident.Retracted {
		return ""
	}
	if root, ok := inc.Root(e); ok {
		e = root
	}
	place := "u-" + e.Suffix()
	if e.Kind == incident.Published {
		place = "postmortem"
	}
	return fmt.Sprintf("%s/incidents/%s.html#%s", strings.TrimRight(rec.Config.Page.Address, "/"), view.For(inc, incident.Customer).ID, place)
}
