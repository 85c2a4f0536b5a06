package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		rule          string
		goal          goal
		value, slower float64
		scaled        float64
		met           bool
	}{
		{"three times faster is enough where 1.8 are asked for", goal{atLeast, 1.8, "x"}, 3, 1, 3, true},
		{"exactly the goal is enough", goal{atMost, 1.1, "x"}, 1.1, 1, 1.1, true},
		{"a slow machine excuses no ratio", goal{atLeast, 3, "x"}, 2, 6, 2, false},
		{"a slow machine excuses no memory", goal{atMost, 60, " MB"}, 80, 6, 80, false},
		{"a slow machine has more time", goal{within, 12, " ms"}, 60, 6, 10, true},
		{"but not any", goal{within, 12, " ms"}, 90, 6, 15, false},
		{"a fast machine has no less time", goal{within, 12, " ms"}, 11, 0.5, 11, true},
		{"a slow machine may do less in a second", goal{rate, 100, "/s"}, 25, 5, 125, true},
		{"a fast machine need not do more", goal{rate, 100, "/s"}, 110, 0.5, 110, true},
		{"nothing done is not enough", goal{atLeast, 640, ""}, 0, 1, 0, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var r row
			r.judge(tt.goal, tt.value, tt.slower)
			require.InDelta(t, tt.value, r.Value, 1e-9)
			require.InDelta(t, tt.scaled, r.Scaled, 1e-9)
			require.Equal(t, tt.met, *r.Met)
		})
	}
}

func took(millis ...int) []sample {
	var out []sample
	for _, m := range millis {
		out = append(out, sample{wall: time.Duration(m) * time.Millisecond})
	}
	return out
}

func TestVersus(t *testing.T) {
	ours, other := took(10, 20, 10), took(30, 100, 40)
	faster := versus("note", "", ours, other, true)
	require.InDelta(t, 4, faster.Paired, 1e-9, "how many times faster ours is")
	require.InDelta(t, 4, faster.Ratio, 1e-9)
	slower := versus("sync", "", ours, other, false)
	require.InDelta(t, 0.25, slower.Paired, 1e-9, "how many times as long ours takes")
	require.Nil(t, slower.Met, "without a goal there is nothing to miss")
}

func TestTable(t *testing.T) {
	good, bad, free := versus("good", "", took(1), took(4), true), versus("bad", "", took(4), took(1), true), versus("free", "", took(1), took(1), true)
	good.judge(goal{atLeast, 3, "x"}, good.Paired, 1)
	bad.judge(goal{atLeast, 3, "x"}, bad.Paired, 1)
	rows := []row{good, bad, free}
	require.Equal(t, []string{"bad"}, missed(rows))
	var out bytes.Buffer
	require.NoError(t, table(&out, rows))
	require.Regexp(t, `(?m)^good .*4\.00x +≥ 3x +met`, out.String())
	require.Regexp(t, `(?m)^bad .*0\.25x +≥ 3x +MISSED`, out.String())
	require.Regexp(t, `(?m)^free .*1\.00x\s*$`, out.String())
}
