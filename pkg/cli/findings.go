package cli

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/terminal"
)

// wordingJSON is the answer to check, for one text.
type wordingJSON struct {
	Schema string `json:"schema"`
	reviewedJSON
}

// reviewedJSON is a text, and what its readers cannot use of it.
type reviewedJSON struct {
	Incident string            `json:"incident"`
	Entry    string            `json:"entry"`
	Audience incident.Audience `json:"audience"`
	Findings []wordFindingJSON `json:"findings"`
	Errors   int               `json:"errors"`
	Warnings int               `json:"warnings"`

	text, file string
}

// wordFindingJSON is something in a text that its readers cannot use.
type wordFindingJSON struct {
	Rule       string        `json:"rule"`
	Level      clarity.Level `json:"level"`
	Line       int           `json:"line"`
	Column     int           `json:"column"`
	Words      string        `json:"words"`
	Message    string        `json:"message"`
	Suggestion string        `json:"suggestion"`

	start, end int
}

// advice is a finding in words, with what can be written instead where that is known.
func advice(message, suggestion string) string {
	if suggestion == "" {
		return message
	}
	return message + ": " + suggestion
}

func (r *reviewedJSON) add(f clarity.Finding) {
	before := r.text[:f.Start]
	line := before[strings.LastIndexByte(before, '\n')+1:]
	r.Findings = append(r.Findings, wordFindingJSON{
		Rule: f.Rule, Level: f.Level, Line: 1 + strings.Count(before, "\n"), Column: 1 + utf8.RuneCountInString(line),
		Words: r.text[f.Start:f.End], Message: f.Message, Suggestion: f.Suggestion, start: f.Start, end: f.End,
	})
	if f.Level == clarity.Error {
		r.Errors++
	} else {
		r.Warnings++
	}
}

func (r reviewedJSON) ids() []string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, f.Rule)
	}
	return ids
}

func (r wordingJSON) table(d *deps) { r.show(d.out, d.screen(d.Stdout).Width) }

func (r wordingJSON) sarif() sarifLog { return sarifOf([]reviewedJSON{r.reviewedJSON}) }

// show prints the text with its findings marked, and what they are, on a screen of a width in cells; 0 where it is none.
func (r reviewedJSON) show(to *terminal.Screen, width int) {
	if len(r.Findings) == 0 {
		return
	}
	r.marked(to, max(20, min(cmp.Or(width, readable), readable)))
	for _, f := range r.Findings {
		level := terminal.Yellow(f.Level.String())
		if f.Level == clarity.Error {
			level = terminal.Red(f.Level.String())
		}
		indent := strings.Repeat(" ", len("warning  "))
		words := terminal.Wrap(terminal.SafeLine(advice(f.Message, f.Suggestion)), min(width, readable), indent)
		rule := "  " + f.Rule
		if last := words[strings.LastIndexByte(words, '\n')+1:]; width > 0 && terminal.Width(last+rule) > width {
			rule = "\n" + indent + f.Rule
		}
		to.Line(level, words[len(f.Level.String()):], terminal.Dim(rule))
	}
}

// marked shows the lines of the text that hold findings, with a mark below each of these. A finding on a
// whole sentence has none: its message says enough.
func (r reviewedJSON) marked(to *terminal.Screen, width int) {
	at, shown := 0, false
	for line := range strings.Lines(r.text) {
		for _, piece := range pieces(strings.TrimRight(line, "\n"), width) {
			begin := at + piece.at
			marks, column := "", 0
			for _, f := range r.Findings {
				if f.start < begin || f.end > begin+len(piece.text) || f.start == f.end || f.end-f.start > width/2 || f.start-begin < column {
					continue
				}
				gap := terminal.Width(terminal.SafeLine(piece.text[:f.start-begin])) - terminal.Width(marks)
				marks += strings.Repeat(" ", max(0, gap)) + strings.Repeat("^", max(1, terminal.Width(terminal.SafeLine(r.text[f.start:f.end]))))
				column = f.end - begin
			}
			if marks != "" {
				to.Line(terminal.SafeLine(piece.text))
				to.Line(terminal.Dim(marks))
				shown = true
			}
		}
		at += len(line)
	}
	if shown {
		to.Line()
	}
}

// piece is part of a line and where in it that begins, in bytes.
type piece struct {
	at   int
	text string
}

// pieces breaks a line between its words into parts that fit a screen.
func pieces(line string, width int) []piece {
	var list []piece
	begin, last := 0, 0
	for i := 0; i < len(line); i++ {
		if line[i] != ' ' {
			continue
		}
		if terminal.Width(line[begin:i]) > width && last > begin {
			list = append(list, piece{begin, line[begin:last]})
			begin = last + 1
		}
		last = i
	}
	if terminal.Width(line[begin:]) > width && last > begin {
		list = append(list, piece{begin, line[begin:last]})
		begin = last + 1
	}
	return append(list, piece{begin, line[begin:]})
}
