package terminal_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func TestJSONSafe(t *testing.T) {
	for _, tt := range []struct{ rule, json, want string }{
		{"ordinary JSON stays", "{\n\t\"title\": \"決済 🔥\"\n}\n", "{\n\t\"title\": \"決済 🔥\"\n}\n"},
		{"controls that JSON lets through are spelled out", "\"\x7f\u009b\"", `"\u007f\u009b"`},
		{"bidirectional and invisible characters are spelled out", "\"\u202e\u200b\u2028\"", `"\u202e\u200b\u2028"`},
		{"beyond 16 bits it takes two escapes", "\"\U000e0041\"", `"\udb40\udc41"`},
		{"escapes stay", `"\u001b\n\\x1b"`, `"\u001b\n\\x1b"`},
		{"names are texts too", "{\"\u202e\": 1}", `{"\u202e": 1}`},
		{"a byte that is not UTF-8 is what decoders make of it", "\"\xff\"", `"\ufffd"`},
		{"a carriage return between values is a blank", "[1,\r2]", "[1, 2]"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, string(terminal.JSONSafe([]byte(tt.json))))
		})
	}
}

// Every value reads the same before and after.
func FuzzJSONSafe(f *testing.F) {
	f.Add([]byte("{\"a\u202e\": [\"\x7f\U000e0041\xff\", 1e400, null, true, \"\\ud800\"]}\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if !json.Valid(b) {
			return
		}
		safe := terminal.JSONSafe(b)
		requireHarmless(t, string(safe))
		require.Equal(t, decode(t, b), decode(t, safe))
	})
}

func decode(t *testing.T, b []byte) (value any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	require.NoError(t, d.Decode(&value), "%q", b)
	return value
}
