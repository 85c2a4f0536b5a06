package cli

import "github.com/spf13/cobra"

// addCompletion adds cobra's command for the shells' completions, in our words.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	how := map[string]string{
		"bash": `In this shell:

  source <(incident completion bash)

In every new one, where the package bash-completion is installed:

  incident completion bash >/etc/bash_completion.d/incident`,
		"zsh": `In this shell:

  source <(incident completion zsh)

In every new one:

  incident completion zsh >"${fpath[1]}/_incident"

Where nothing is completed yet: echo "autoload -U compinit; compinit" >>~/.zshrc`,
		"fish": `In this shell:

  incident completion fish | source

In every new one:

  incident completion fish >~/.config/fish/completions/incident.fish`,
		"powershell": `In this shell:

  incident completion powershell | Out-String | Invoke-Expression

In every new one: add what it prints to your profile.`,
	}
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Short = "Print the completions for your shell"
		c.Long = "Prints a script that teaches a shell to complete commands, flags and the identifiers of incidents."
		for _, shell := range c.Commands() {
			shell.Short = "Print the completions for " + shell.Name()
			shell.Long = "Prints the completions for " + shell.Name() + ".\n\n" + how[shell.Name()]
		}
	}
}
