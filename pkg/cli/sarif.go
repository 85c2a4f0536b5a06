package cli

import "incident/pkg/clarity"

// Findings for programs that show them beside a text, in the static analysis results interchange format, SARIF 2.1.0:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/. These are the few of its properties that a text needs.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string    `json:"id"`
		ShortDescription sarifText `json:"shortDescription"`
		FullDescription  sarifText `json:"fullDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		ArtifactLocation struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int       `json:"startLine"`
		StartColumn int       `json:"startColumn"`
		Snippet     sarifText `json:"snippet"`
	}
)

// sarifOf puts what was found into one run. Where the place of a text in its file is known, so is that of a finding.
func sarifOf(texts []reviewedJSON) sarifLog {
	driver := sarifDriver{Name: "incident", Rules: []sarifRule{}}
	for _, r := range clarity.Rules() {
		driver.Rules = append(driver.Rules, sarifRule{r.ID, sarifText{r.Summary}, sarifText{r.Why}})
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	for _, t := range texts {
		for _, f := range t.Findings {
			var at sarifPlace
			at.ArtifactLocation.URI = t.file
			if t.Entry == "" {
				at.Region = &sarifRegion{f.Line, f.Column, sarifText{f.Words}}
			}
			run.Results = append(run.Results, sarifResult{f.Rule, f.Level.String(), sarifText{advice(f.Message, f.Suggestion)}, []sarifLocation{{at}}})
		}
	}
	return sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}
}
