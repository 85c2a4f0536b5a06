package view

import "time"

// StateMove is a component's state from a time on.
type StateMove struct {
	At        time.Time
	Component string // as the audience knows it now
	State     State
}
