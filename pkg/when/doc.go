// Package when is the grammar of times and durations as people type them: what is clear is read
// strictly, and what is not is refused with what would be clear, never guessed.
//
// It has no clock: now comes in as a value, and its location is the one that local times are read in.
//
//	duration   90s  30m  1h30m  2d  1w           w, d, h, m, s: largest first, each at most once
//	clock      14:05  14:05:30                   24 hours, two digits each
//	date       2026-11-22
//	zone       UTC  GMT  Z  +01:00  +0100        no other abbreviation: most name several zones
//	date time  DATE CLOCK                        local
//	           DATE CLOCK ZONE
//	           2026-11-22T14:05:30.250+01:00     RFC 3339, fractions optional
//
//	Time       now                               a moment that has come
//	           CLOCK  today CLOCK                local, today
//	           yesterday CLOCK                   local
//	           CLOCK ZONE                        today in that zone
//	           DATE                              the start of that local day
//	           date time
//	           DURATION ago
//
//	Next       DURATION  in DURATION             a moment ahead, counted from now
//	           CLOCK  CLOCK ZONE                 the next one, within 12 hours
//	           today CLOCK  tomorrow CLOCK       local
//	           date time
//
// Words are read in any case; white space may stand around them and be doubled between them. A local
// time that clocks skip or show twice, where summer time begins or ends, is refused. A duration is time
// that passes, so 1d is 24 hours, also over a day of 23 or 25.
//
// Times come back in UTC, cut to milliseconds, in the years 1970 to 9999.
package when
