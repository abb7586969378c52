package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.machines.ChangeAuthorities;
import dev.codchi.network.Authorities;
import dev.codchi.network.Authority;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code codchi certs}. */
@Command(
    name = "certs",
    description =
        "Certificate authorities that the store and all machines trust besides those of this computer.")
final class CertsCommand {
  private static final int FINGERPRINT_START = 16;

  private final Authorities authorities;
  private final ChangeAuthorities change;
  private final Console console;
  private final ConsoleProgress progress;

  CertsCommand(
      Authorities authorities,
      ChangeAuthorities change,
      Console console,
      ConsoleProgress progress) {
    this.authorities = authorities;
    this.change = change;
    this.console = console;
    this.progress = progress;
  }

  @Command(name = "list", description = "Show what was added.")
  int list() {
    show(authorities.list());
    return 0;
  }

  @Command(
      name = "add",
      description =
          "Trust the authorities in a file, PEM or DER; the computer itself is not changed.")
  int add(
      @Parameters(paramLabel = "FILE", description = "The file.") Path file,
      @Option(
              names = "--name",
              paramLabel = "NAME",
              description = "What to call it; the file's name without its ending if not given.")
          @Nullable String name) {
    List<Authority> added = change.add(file, name == null ? nameOf(file) : name, progress);
    if (console.json()) {
      show(added);
    } else {
      added.forEach(one -> progress.note("Trusting " + one.subject() + " as " + one.name()));
    }
    for (Authority one : added) {
      if (one.validUntil().isBefore(Instant.now())) {
        progress.warn(one.name() + " is valid until " + one.validUntil() + " only");
      }
      if (one.certificate().getBasicConstraints() < 0) {
        progress.warn(
            one.name() + " is a server's own certificate; some programs trust authorities only");
      }
    }
    return 0;
  }

  @Command(name = "remove", description = "Do not trust those of a name any more.")
  int remove(
      @Parameters(paramLabel = "CERT", description = "As 'codchi certs list' shows it.")
          String name) {
    change.remove(name, progress);
    return 0;
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("(?i)\\.(pem|crt|cer|der|cert)$", "");
  }

  private void show(List<Authority> all) {
    if (console.json()) {
      ObjectNode document = Json.document("certs");
      ArrayNode nodes = document.putArray("authorities");
      all.forEach(one ->
          nodes
              .addObject()
              .put("name", one.name())
              .put("subject", one.subject())
              .put("validUntil", one.validUntil().toString())
              .put("sha256", one.fingerprint()));
      console.out().println(Json.pretty(document));
    } else if (all.isEmpty()) {
      console
          .out()
          .println("No authorities were added; those of this computer are trusted anyway.");
    } else {
      Table table = new Table(List.of("NAME", "VALID UNTIL", "SHA-256", "SUBJECT"));
      all.forEach(one ->
          table.row(
              List.of(
                  one.name(),
                  one.validUntil().toString(),
                  one.fingerprint().substring(0, FINGERPRINT_START),
                  one.subject())));
      table.print(console.out());
    }
  }
}
