package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/cli"
)

func TestReferenceIsFresh(t *testing.T) {
	files, err := generate("markdown", cli.Command())
	require.NoError(t, err)
	for name, content := range files {
		page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "reference", name))
		require.NoError(t, err)
		require.Equal(t, string(content), string(page), "%s is stale: run `make docs`", name)
	}
}

func TestEveryKindIsMadeTheSameTwice(t *testing.T) {
	for _, kind := range []string{"completions", "man", "markdown"} {
		t.Run(kind, func(t *testing.T) {
			once, err := generate(kind, cli.Command())
			require.NoError(t, err)
			again, err := generate(kind, cli.Command())
			require.NoError(t, err)
			require.NotEmpty(t, once)
			require.Equal(t, once, again)
		})
	}
}

func TestManualIsCompressedWithoutNameOrTime(t *testing.T) {
	pages, err := generate("man", cli.Command())
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(pages["incident.1.gz"]))
	require.NoError(t, err)
	require.Empty(t, z.Name)
	require.True(t, z.ModTime.IsZero())
	page, err := io.ReadAll(z)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(page), ".TH "))
}

func TestUnknownKindIsRefused(t *testing.T) {
	_, err := generate("html", cli.Command())
	require.ErrorContains(t, err, `unknown kind "html"`)
}
