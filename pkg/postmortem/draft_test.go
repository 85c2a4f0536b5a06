package postmortem_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/postmortem"
)

var update = flag.Bool("update", false, "rewrite golden files; read the diff as a manager, a customer and an engineer would")

func TestDraftGolden(t *testing.T) {
	for name, in := range cases(t) {
		t.Run(name, func(t *testing.T) {
			got, err := postmortem.Draft("", in)
			require.NoError(t, err)
			golden := filepath.Join("testdata", name+".golden.md")
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}
