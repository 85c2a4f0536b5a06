package view_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// Nothing that a View holds leads back to an entry or an incident: neither a field nor anything that code
// could hide behind.
func TestViewHasNoWayBack(t *testing.T) {
	require.Empty(t, waysBack(reflect.TypeFor[view.View](), "View", map[reflect.Type]bool{}))
}

func TestWaysBackAreFound(t *testing.T) {
	for rule, typ := range map[string]reflect.Type{
		"a field":             reflect.TypeFor[struct{ Of incident.Entry }](),
		"an embedded one":     reflect.TypeFor[struct{ incident.Facts }](),
		"a pointer":           reflect.TypeFor[struct{ Of *incident.Incident }](),
		"a slice in a map":    reflect.TypeFor[struct{ Of map[string][]incident.Anomaly }](),
		"the key of a map":    reflect.TypeFor[struct{ Of map[incident.Person]int }](),
		"an array":            reflect.TypeFor[struct{ Of [2]incident.Next }](),
		"a private field":     reflect.TypeFor[struct{ of *incident.Entry }](),
		"a function":          reflect.TypeFor[struct{ Of func() }](),
		"an interface":        reflect.TypeFor[struct{ Of any }](),
		"a channel":           reflect.TypeFor[struct{ Of chan int }](),
		"one step further on": reflect.TypeFor[struct{ Of []struct{ Of error } }](),
	} {
		t.Run(rule, func(t *testing.T) { require.NotEmpty(t, waysBack(typ, "T", map[reflect.Type]bool{})) })
	}
}

// waysBack lists the fields that may lead to the domain. Of its types only plain values are allowed.
func waysBack(typ reflect.Type, path string, seen map[reflect.Type]bool) []string {
	if seen[typ] || typ == reflect.TypeFor[time.Time]() {
		return nil
	}
	seen[typ] = true
	plain := []reflect.Type{reflect.TypeFor[incident.Component](), reflect.TypeFor[incident.Role]()}
	domain := reflect.TypeFor[incident.Incident]().PkgPath()
	switch typ.Kind() {
	case reflect.Func, reflect.Interface, reflect.Chan, reflect.UnsafePointer, reflect.Uintptr:
		return []string{path + " is a " + typ.Kind().String()}
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return waysBack(typ.Elem(), path+"[]", seen)
	case reflect.Map:
		return append(waysBack(typ.Key(), path+"[key]", seen), waysBack(typ.Elem(), path+"[]", seen)...)
	case reflect.Struct:
		if typ.PkgPath() == domain && typ != plain[0] && typ != plain[1] {
			return []string{path + " is a " + typ.String()}
		}
		var ways []string
		for n := range typ.NumField() {
			f := typ.Field(n)
			ways = append(ways, waysBack(f.Type, path+"."+f.Name, seen)...)
		}
		return ways
	default:
		return nil
	}
}
