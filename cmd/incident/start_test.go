package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every command waits for what our packages prepare before main. How often memory is asked for tells of it, and
// is the same on every machine.
func TestPackagesPrepareNextToNothing(t *testing.T) {
	program, err := exec.LookPath("incident")
	require.NoError(t, err)
	cmd := exec.Command(program, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	all, asked := 0, regexp.MustCompile(`(?m)^init incident/pkg/.*, (\d+) allocs$`).FindAllStringSubmatch(string(out), -1)
	require.NotEmpty(t, asked, string(out))
	for _, m := range asked {
		n, err := strconv.Atoi(m[1])
		require.NoError(t, err)
		all += n
	}
	require.LessOrEqual(t, all, 90, "see the lines init incident/pkg:\n%s", out)
}

// A pattern that is none would be found by whoever uses it first.
func TestPatternsAreSome(t *testing.T) {
	found := 0
	err := filepath.WalkDir(filepath.Join(top, "pkg"), func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 || !isPatternNew(call.Fun) {
				return true
			}
			found++
			text, ok := textOf(call.Args[0])
			require.True(t, ok, "%s: the text of a pattern is not all there to read", name)
			_, err := regexp.Compile(text)
			require.NoError(t, err, name)
			return true
		})
		return nil
	})
	require.NoError(t, err)
	require.NotZero(t, found)
}

func isPatternNew(fun ast.Expr) bool {
	sel, ok := fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "New" {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && pkg.Name == "pattern"
}

// textOf is what an expression of strings says. A constant's name stands for itself: ours hold only letters.
func textOf(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.Ident:
		return e.Name, true
	case *ast.BinaryExpr:
		left, ok1 := textOf(e.X)
		right, ok2 := textOf(e.Y)
		return left + right, ok1 && ok2 && e.Op == token.ADD
	}
	return "", false
}
