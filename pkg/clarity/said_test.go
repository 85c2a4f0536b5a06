package clarity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
)

func TestSaidNext(t *testing.T) {
	for text, want := range map[string]string{
		"Payments fail. Next update at 13:00 UTC.":                        "13:00 utc",
		"Payments fail. Next update by 13:00.":                            "13:00",
		"Payments have failed since 14:02. We report back in 20 minutes.": "20m",
		"We will post an update within 2 hours.":                          "2h",
		"Payments have failed since 14:02.":                               "",
		"The last update was wrong; payments failed at 14:02.":            "",
		"Payments fail for 20 customers.":                                 "",
		"Das nächste Update kommt um 13:00 UTC, wir arbeiten daran.":      "",
		"": "",
	} {
		said, utc := clarity.SaidNext(text)
		if utc {
			said += " utc"
		}
		require.Equal(t, want, said, text)
	}
}
