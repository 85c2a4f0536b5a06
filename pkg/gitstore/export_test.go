package gitstore

import "time"

// Slowly makes the git program do all commits.
func (s *Store) Slowly() { s.slow = true }

// OnStep is called after each step of a commit that this process makes.
func (s *Store) OnStep(f func(step string)) { s.step = f }

// Part is where a file is written first.
func (s *Store) Part(name string) string { return s.part(name) }

// SplitAbove makes an index large from so many bytes on, and again from so many entries on.
func (s *Store) SplitAbove(bytes, entries int) { s.limits = splitLimits{bytes, uint32(entries)} }

// Later puts the store's clock forward.
func (s *Store) Later(d time.Duration) {
	now := s.now
	s.now = func() time.Time { return now().Add(d) }
}
