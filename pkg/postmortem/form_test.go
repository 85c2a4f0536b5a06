package postmortem_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/postmortem"
)

// A shorter form is the draft without some sections: what is left of it is the same, and can be refreshed.
func TestForms(t *testing.T) {
	inc := over()
	whole := draft(t, inc)
	for _, tt := range []struct {
		form      string
		has, lost []string
	}{
		{"default", []string{"## Impact in numbers", "### Where we were lucky", "## Questions"}, nil},
		{"short", []string{"## Summary", "## Timeline", "### What set it off", "## What limits the next one", "## Internal appendix", "### Responders"}, []string{"## Impact in numbers", "lucky", "## What customers were told", "### Evidence"}},
		{"public", []string{"## Summary", "## What customers were told", "## Questions"}, []string{"## Timeline", "## Internal appendix", "### Responders", "db-7"}},
	} {
		t.Run(tt.form, func(t *testing.T) {
			f, ok := postmortem.FormOf(tt.form)
			require.True(t, ok)
			got := f.Of(whole)
			for _, s := range tt.has {
				require.Contains(t, string(got), s)
			}
			for _, s := range tt.lost {
				require.NotContains(t, string(got), s)
			}
			r, err := postmortem.Refresh(got, whole, nil)
			require.NoError(t, err)
			require.Empty(t, r.Changed)
			require.Empty(t, r.Kept)
		})
	}
	_, ok := postmortem.FormOf("long")
	require.False(t, ok)
}
