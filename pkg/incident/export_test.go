package incident

// Alone is an incident without what it remembers of the room behind its timeline.
func Alone(i Incident) Incident {
	i.taken = nil
	return i
}
