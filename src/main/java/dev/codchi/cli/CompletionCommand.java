package dev.codchi.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi completion}. */
@Command(
    name = "completion",
    description = "Print the script that makes a shell complete codchi's commands.",
    footerHeading = "%nHow to use it:%n",
    footer = {
      "  bash  codchi completion bash > ~/.local/share/bash-completion/completions/codchi",
      "  zsh   codchi completion zsh > \"$${fpath[1]}/_codchi\"",
      "  fish  codchi completion fish > ~/.config/fish/completions/codchi.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells, each with its script. */
  enum Shell {
    BASH(
        """
        # bash completion for codchi
        _codchi() {
          local IFS=$'\\n'
          COMPREPLY=($(codchi complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _codchi codchi
        """),
    ZSH(
        """
        #compdef codchi
        _codchi() {
          local -a found
          found=("${(@f)$(codchi complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
          if [[ -n ${found[1]} ]]; then compadd -a found; else _files; fi
        }
        if [[ ${funcstack[1]} == _codchi ]]; then _codchi "$@"; else compdef _codchi codchi; fi
        """),
    FISH(
        """
        # fish completion for codchi
        function __codchi_complete
            set -l words (commandline -opc) (commandline -ct)
            codchi complete -- $words[2..-1] 2>/dev/null
        end
        complete -c codchi -f -a '(__codchi_complete)'
        """);

    private final String script;

    Shell(String script) {
      this.script = script;
    }
  }

  private final Console console;

  @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  Shell shell = Shell.BASH;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.out().print(shell.script);
    console.out().flush();
    return 0;
  }
}
