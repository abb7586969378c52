package dev.codchi.cli;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ModuleAttribute;
import dev.codchi.machines.ModulePicker;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lets a person at the terminal choose modules, by their numbers or names. */
@ApplicationScoped
public class TerminalModules implements ModulePicker {
  private final Console console;
  private final ConsoleProgress progress;

  TerminalModules(Console console, ConsoleProgress progress) {
    this.console = console;
    this.progress = progress;
  }

  @Override
  public boolean isAnswered() {
    return console.interactive() && !console.yes();
  }

  @Override
  public List<ModuleAttribute> pick(String flake, List<ModuleAttribute> offered) {
    progress.clear();
    console.err().println(flake + " offers several modules:");
    for (int i = 0; i < offered.size(); i++) {
      console.err().println("  " + (i + 1) + "  " + offered.get(i).print());
    }
    Optional<ModuleAttribute> standard =
        offered.stream().filter(one -> one.name().equals("default")).findFirst();
    String question =
        "Which ones? (numbers or names%s) "
            .formatted(standard.map(one -> "; Enter for " + one.print()).orElse(""));
    while (true) {
      String answer = console.ask(question);
      if (answer == null || (answer.isBlank() && standard.isEmpty())) {
        throw Failure.of(FailureCode.REFUSED_BY_USER, "no module was chosen");
      }
      if (answer.isBlank()) {
        return List.of(standard.orElseThrow());
      }
      Optional<List<ModuleAttribute>> chosen = chosen(answer, offered);
      if (chosen.isPresent()) {
        return chosen.get();
      }
      console.err().println("There is no such module; for example: 1 2");
    }
  }

  /**
   * What an answer means; nothing where a part of it means nothing. Package-private for its test.
   */
  static Optional<List<ModuleAttribute>> chosen(String answer, List<ModuleAttribute> offered) {
    Set<ModuleAttribute> chosen = new LinkedHashSet<>();
    for (String word : answer.strip().split("[\\s,]+", -1)) {
      if (word.equals("all") || word.equals("*")) {
        chosen.addAll(offered);
      } else if (word.matches("\\d{1,4}")) {
        int number = Integer.parseInt(word);
        if (number < 1 || number > offered.size()) {
          return Optional.empty();
        }
        chosen.add(offered.get(number - 1));
      } else {
        List<ModuleAttribute> named =
            offered.stream()
                .filter(one -> one.name().equals(word) || one.print().equals(word))
                .toList();
        if (named.isEmpty()) {
          return Optional.empty();
        }
        chosen.addAll(named);
      }
    }
    return Optional.of(List.copyOf(chosen));
  }
}
