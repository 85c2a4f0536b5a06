// Package incidenttest makes timelines for tests: small ones by hand, and random ones in which every word
// is marked with who may read it.
package incidenttest
