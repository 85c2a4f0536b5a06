// Package incidenttest makes timelines for tests, and their files: small ones by hand, and random ones in which every word
// is marked with who may read it.
package incidenttest
