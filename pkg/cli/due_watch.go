package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"incident/pkg/record"
	"incident/pkg/terminal"
)

// look is how often the record is read while somebody waits: others may write to it at any time.
const look = 2 * time.Second

// fallen is one thing that fell due, for programs.
type fallen struct {
	Schema string `json:"schema"`
	owedJSON
}

// wait returns when the next thing falls due, or is within far of that: at once, if something is late.
func (c *dueCmd) wait(ctx context.Context, rec *record.Record, far time.Duration) error {
	for {
		list, err := c.find(ctx, rec)
		if err != nil {
			return err
		}
		if near := within(list, c.Now(), far); len(near) > 0 {
			if err := c.print(newOwing(near, c.deps)); err != nil {
				return err
			}
			return errFound
		}
		if !c.pause(ctx, list, far) {
			return terminal.ErrInterrupted
		}
	}
}

// pause waits until the record is to be read again: shortly, or when the next thing falls due. It reports whether nobody
// has called it off.
func (c *dueCmd) pause(ctx context.Context, list []debt, far time.Duration) bool {
	rest := look
	if len(list) > 0 {
		if left := list[0].By.Add(-far).Sub(c.Now()); left > 0 {
			rest = min(rest, left+time.Millisecond)
		}
	}
	select {
	case <-ctx.Done():
		return false
	case <-c.After(rest):
		return true
	}
}

// watch tells of each thing as it falls due, or is within far of that, until it is called off. At a terminal it shows
// everything that is owed, and rings the bell once for each thing; elsewhere each is one line, or one document of JSON.
func (c *dueCmd) watch(ctx context.Context, rec *record.Record, far, ahead time.Duration) error {
	told := map[string]bool{}
	for {
		list, err := c.find(ctx, rec)
		if err != nil {
			return err
		}
		var fell []debt
		for _, o := range within(list, c.Now(), far) {
			if key := o.key(); !told[key] {
				told[key] = true
				fell = append(fell, o)
			}
		}
		if err := c.tellFallen(ctx, list, fell, ahead); err != nil {
			return err
		}
		if !c.pause(ctx, untold(list, told), far) {
			return nil // whoever leaves has seen enough
		}
	}
}

// key is what makes a debt another one: whoever is told anew waits for another word.
func (o debt) key() string {
	return fmt.Sprintf("%s %s %s %s %s %d", o.inc.ID, o.What, o.Audience, o.Entry, o.To, o.By.UnixMilli())
}

func untold(list []debt, told map[string]bool) []debt {
	var left []debt
	for _, o := range list {
		if !told[o.key()] {
			left = append(left, o)
		}
	}
	return left
}

func (c *dueCmd) tellFallen(ctx context.Context, list, fell []debt, ahead time.Duration) error {
	screen := terminal.IsTerminal(file(c.Stdout)) && c.output != outputJSON
	switch {
	case screen:
		if err := c.redraw(within(list, c.Now(), ahead), len(fell) > 0); err != nil {
			return err
		}
	case c.output == outputJSON:
		for _, o := range fell {
			if err := c.encode(c.out, fallen{schema, wireOwed(o, c.Now())}); err != nil {
				return err
			}
		}
	case len(fell) > 0:
		if err := c.print(newOwing(fell, c.deps)); err != nil {
			return err
		}
	}
	if c.exec == "" {
		return nil
	}
	for _, o := range fell {
		var b bytes.Buffer
		if err := json.NewEncoder(&b).Encode(fallen{schema, wireOwed(o, c.Now())}); err != nil {
			return err
		}
		if err := terminal.Run(ctx, c.exec, b.Bytes(), c.streams()); err != nil && ctx.Err() == nil {
			c.warn("--exec " + err.Error())
		}
	}
	return nil
}

// redraw shows the list in place of the one before.
func (c *dueCmd) redraw(list []debt, ring bool) error {
	bell := ""
	if ring {
		bell = "\a"
	}
	if err := c.out.Raw([]byte("\x1b[H\x1b[2J" + bell)); err != nil {
		return &outputError{err}
	}
	c.out.Line(terminal.Dim("What is due, at " + c.now().Format("15:04:05") + "; Ctrl-C leaves."))
	c.out.Line()
	newOwing(list, c.deps).table(c.deps)
	if len(list) == 0 {
		c.out.Line("Nothing.")
	}
	return c.outputError()
}
