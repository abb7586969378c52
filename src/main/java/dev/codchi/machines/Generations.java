package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The systems that a machine has had, as nix keeps them: links in the machine's profile directory.
 */
@ApplicationScoped
public class Generations {
  /**
   * One built and switched-to system.
   *
   * @param number counted by nix, from 1
   * @param system store path
   * @param made when it became the machine's
   * @param current whether it is the present one
   */
  public record Generation(int number, String system, Instant made, boolean current) {}

  private static final Pattern LINK = Pattern.compile("system-(\\d+)-link");

  private final Settings settings;

  Generations(Settings settings) {
    this.settings = settings;
  }

  /** All of a machine's generations that are kept, oldest first. */
  public List<Generation> list(MachineName machine) {
    List<Generation> found = new ArrayList<>();
    Path profiles = settings.directories().profiles(machine.value());
    if (!Files.isDirectory(profiles)) {
      return found;
    }
    int current = currentNumber(machine).orElse(0);
    try (DirectoryStream<Path> links = Files.newDirectoryStream(profiles, "system-*-link")) {
      for (Path link : links) {
        Matcher name = LINK.matcher(link.getFileName().toString());
        if (name.matches()) {
          int number = Integer.parseInt(name.group(1));
          found.add(
              new Generation(
                  number,
                  Files.readSymbolicLink(link).toString(),
                  Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).toInstant(),
                  number == current));
        }
      }
    } catch (IOException e) {
      throw unreadable(machine, e);
    }
    found.sort(Comparator.comparingInt(Generation::number));
    return found;
  }

  /** The number of a machine's present generation; none before it was built. */
  public Optional<Integer> currentNumber(MachineName machine) {
    Path link = settings.directories().profiles(machine.value()).resolve("system");
    try {
      Matcher name = LINK.matcher(Files.readSymbolicLink(link).getFileName().toString());
      return name.matches() ? Optional.of(Integer.valueOf(name.group(1))) : Optional.empty();
    } catch (NoSuchFileException | NotLinkException neverBuilt) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(machine, e);
    }
  }

  /** The store path of a machine's present system; none before it was built. */
  public Optional<String> current(MachineName machine) {
    Optional<Integer> number = currentNumber(machine);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    Path link =
        settings
            .directories()
            .profiles(machine.value())
            .resolve("system-" + number.get() + "-link");
    try {
      return Files.isSymbolicLink(link)
          ? Optional.of(Files.readSymbolicLink(link).toString())
          : Optional.empty();
    } catch (IOException e) {
      throw unreadable(machine, e);
    }
  }

  private static Failure unreadable(MachineName machine, IOException e) {
    return Failure.of(FailureCode.MACHINE_BROKEN, "cannot read the generations of " + machine)
        .because(e.toString())
        .causedBy(e);
  }
}
