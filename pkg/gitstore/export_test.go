package gitstore

// Slowly makes the git program do all commits.
func (s *Store) Slowly() { s.slow = true }

// OnStep is called after each step of a commit that this process makes.
func (s *Store) OnStep(f func(step string)) { s.step = f }

// Part is where a file is written first.
func (s *Store) Part(name string) string { return s.part(name) }
