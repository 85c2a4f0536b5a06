package gitstore

// ignoreUnsupported forgives everything: Windows cannot sync a folder, its file systems journal names.
func ignoreUnsupported(error) error { return nil }
