package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/record"
)

// How long a write that is recorded already may wait for the network.
const (
	pushWait = 5 * time.Second
	fullWait = 15 * time.Second // two ways, and a merge between them
)

// share sends what was recorded, where this clone was told to. The entry is kept and acknowledged by now,
// so that nothing that happens here is a failure.
func (d *deps) share(ctx context.Context, rec *record.Record) {
	mode, err := rec.SyncMode(ctx)
	how, within := record.Sync{Tell: d.progress()}, pushWait
	switch {
	case err != nil:
		d.warn(err.Error())
		return
	case mode == record.SyncOff:
		return
	case mode == record.SyncPush:
		how.PushOnly = true
	default:
		within = fullWait
	}
	ctx, stop := context.WithTimeoutCause(ctx, within, &advised{gitstore.ErrNetwork, fmt.Sprintf("no answer within %s", within), ""})
	defer stop()
	done, err := rec.Sync(ctx, how)
	for _, line := range told(done.Received, true) {
		d.say("received: " + line)
	}
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		d.warn("recorded here, not sent: interrupted; next: incident sync")
	case errors.Is(err, gitstore.ErrNoRemote), errors.Is(err, gitstore.ErrWhichRemote), errors.Is(err, gitstore.ErrDetached):
		d.warn(fmt.Sprintf("recorded here, not sent: %v; %s", err, remedyOf(err)))
	default:
		d.warn(fmt.Sprintf("recorded here, not sent: %v; next: incident sync", err))
	}
}
