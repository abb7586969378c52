package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.failure.Failure;
import dev.codchi.machines.ExamineHost;
import dev.codchi.machines.ExamineHost.Finding;
import dev.codchi.machines.ExamineHost.Verdict;
import dev.codchi.machines.secrets.SealClearText;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codchi doctor}. */
@Command(
    name = "doctor",
    description =
        "Look at everything that codchi needs, and say what is wrong. The exit status is that of the first problem.")
final class DoctorCommand implements Callable<Integer> {
  private final ExamineHost examineHost;
  private final SealClearText sealClearText;
  private final Console console;

  @Option(
      names = "--fix",
      description =
          "Mend what codchi can mend by itself: seal secrets and tokens that a beta left in clear text. Without it nothing is changed.")
  private boolean fix;

  DoctorCommand(ExamineHost examineHost, SealClearText sealClearText, Console console) {
    this.examineHost = examineHost;
    this.sealClearText = sealClearText;
    this.console = console;
  }

  @Override
  public Integer call() {
    if (fix) {
      sealClearText.find().forEach(this::seal);
    }
    List<Finding> findings = examineHost.examine();
    if (console.json()) {
      console.out().println(Json.pretty(json(findings)));
    } else {
      findings.forEach(this::print);
    }
    return findings.stream()
        .filter(one -> one.verdict() == Verdict.PROBLEM)
        .flatMap(one -> one.failure().stream())
        .map(failure -> failure.code().status().number())
        .findFirst()
        .orElse(0);
  }

  private void seal(SealClearText.Found found) {
    List<String> sealed = sealClearText.seal(found);
    if (!sealed.isEmpty()) {
      console.err().println("Sealed for " + found.machine() + ": " + String.join(", ", sealed));
    }
    if (sealed.size() < found.names().size()) {
      console
          .err()
          .println(
              "warning: the rest has other values in the vault, or cannot be variables; compare with 'codchi secrets get', then remove them from "
                  + found.file());
    }
  }

  private void print(Finding one) {
    console
        .out()
        .printf(
            Locale.ROOT,
            "%-8s %s: %s%n",
            one.verdict().name().toLowerCase(Locale.ROOT),
            one.subject(),
            one.finding());
    one.failure()
        .ifPresent(failure -> {
          if (failure.why() != null) {
            console.out().println("         why:  " + failure.why());
          }
          console.out().println("         next: " + failure.nextStep());
          console.out().println("         code: " + failure.code().id());
        });
  }

  private static ObjectNode json(List<Finding> findings) {
    ObjectNode document = Json.document("doctor");
    document.put("healthy", findings.stream().allMatch(one -> one.verdict() != Verdict.PROBLEM));
    ArrayNode all = document.putArray("findings");
    for (Finding one : findings) {
      ObjectNode node =
          all.addObject()
              .put("subject", one.subject())
              .put("verdict", one.verdict().name().toLowerCase(Locale.ROOT))
              .put("finding", one.finding());
      if (one.failure().isPresent()) {
        Failure failure = one.failure().get();
        node.put("code", failure.code().id())
            .put("why", Objects.requireNonNullElse(failure.why(), ""))
            .put("next", failure.nextStep());
      }
    }
    return document;
  }
}
