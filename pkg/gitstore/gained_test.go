package gitstore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What one commit has and another has not is what git says it is.
func TestGainedIsWhatGitSays(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s, _ := b.open()
	rnd := rand.New(rand.NewPCG(1, 2))
	before := ""
	for step := range 30 {
		for range 1 + rnd.IntN(4) {
			name := fmt.Sprintf("%c/%c/%c", 'a'+rnd.IntN(3), 'a'+rnd.IntN(3), 'a'+rnd.IntN(3))
			switch rnd.IntN(6) {
			case 0:
				b.git("rm", "-rf", "--quiet", "--ignore-unmatch", "--", name)
			case 1: // a folder takes the place of a file, or the other way round
				b.git("rm", "-rf", "--quiet", "--ignore-unmatch", "--", name[:3])
				b.file(name[:3], fmt.Sprintf("file %d\n", step))
			default:
				b.git("rm", "-rf", "--quiet", "--ignore-unmatch", "--", name[:3], name)
				b.file(name, fmt.Sprintf("step %d\n", rnd.IntN(3)))
			}
			b.git("add", "--all")
		}
		b.git("commit", "--quiet", "--allow-empty", "-m", "Step")
		now := b.git("rev-parse", "HEAD")
		if before != "" {
			var want, got []string
			for line := range strings.Lines(b.git("diff-tree", "-r", "--no-renames", "--name-status", before, now)) {
				if line = strings.TrimSpace(line); line != "" && line[0] != 'D' {
					want = append(want, strings.ReplaceAll(line, "\t", " "))
				}
			}
			list, err := s.Gained(t.Context(), before, now)
			require.NoError(t, err)
			for _, a := range list {
				got = append(got, map[bool]string{true: "A ", false: "M "}[a.New]+a.Path)
			}
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got)
		}
		before = now
	}
}
