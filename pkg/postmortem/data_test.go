package postmortem_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/postmortem"
	"incident/templates"
)

// variables lists every value that a template can reach, as a template spells it: of a list the first, and all
// the forms of a time but once.
func variables(t testing.TB, path string, v reflect.Type) []string {
	require.Zero(t, v.NumMethod()+reflect.PointerTo(v).NumMethod(), "%s: a template could call a method of %s", path, v)
	switch v.Kind() {
	case reflect.String, reflect.Bool, reflect.Int:
		return []string{path}
	case reflect.Slice:
		return variables(t, "(index "+path+" 0)", v.Elem())
	case reflect.Struct:
		if v == reflect.TypeFor[postmortem.Moment]() && path != ".Started" {
			return []string{path + ".Both"}
		}
		var all []string
		for f := range v.Fields() {
			require.True(t, f.IsExported())
			all = append(all, variables(t, strings.TrimSuffix(path, ".")+"."+f.Name, f.Type)...)
		}
		return all
	default:
		require.Fail(t, "a template gets text, numbers and truth values", "%s is %s", path, v)
		return nil
	}
}

// Nothing leads from a template's data to anything but values, and all of them can be used.
func TestVariables(t *testing.T) {
	const golden = "testdata/variables.golden.txt"
	var got strings.Builder
	for _, path := range variables(t, ".", reflect.TypeFor[postmortem.Data]()) {
		doc, err := postmortem.Draft(path+"={{"+path+"}}", checkout(t))
		if err != nil {
			require.ErrorContains(t, err, "out of range") // this incident has none of that
			fmt.Fprintf(&got, "%s\n", path)
			continue
		}
		got.Write(doc)
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

// The template describes to its writers all that it may use.
func TestVariablesAreDescribed(t *testing.T) {
	description, _, _ := strings.Cut(templates.Postmortem, "*/")
	for _, path := range variables(t, ".", reflect.TypeFor[postmortem.Data]()) {
		for _, field := range regexp.MustCompile(`\.\w+`).FindAllString(path, -1) {
			require.Regexp(t, `\`+field+`\b`, description, path)
		}
	}
}
