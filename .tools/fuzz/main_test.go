package main

import "testing"

func TestEndOfTime(t *testing.T) {
	for _, tt := range []struct {
		rule, said string
		want       bool
	}{
		{
			"the clock of the fuzzer is not a finding",
			"fuzz: elapsed: 5s, execs: 9 (0/sec)\n--- FAIL: FuzzX (5.02s)\n    context deadline exceeded\nFAIL\nexit status 1\n", true,
		},
		{
			"an input that was written down is one",
			"--- FAIL: FuzzX (0.12s)\n    --- FAIL: FuzzX (0.00s)\n        x_test.go:9: context deadline exceeded\n    \n    Failing input written to testdata/fuzz/FuzzX/1\nFAIL\n", false,
		},
		{
			"a seed that fails is one",
			"--- FAIL: FuzzX (0.00s)\n    --- FAIL: FuzzX/seed#0 (0.00s)\nFAIL\n", false,
		},
		{"what does not compile is one", "# incident/pkg/x\nx_test.go:3:1: syntax error\nFAIL\tincident/pkg/x [build failed]\n", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if got := endOfTime(tt.said); got != tt.want {
				t.Errorf("endOfTime = %v, want %v", got, tt.want)
			}
		})
	}
}
