package dev.codchi.export;

import dev.codchi.driver.ContainerFiles;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.RestingMachine;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a machine as members of a tar archive: GNU tar reads them inside the machine's own
 * container, and what NixOS makes anew is taken out of the stream.
 */
@ApplicationScoped
class MachineTree {
  /** GNU tar's status for files that changed or vanished while they were read. */
  private static final int CHANGED = 1;

  private static final int MOST_COMPLAINTS = 5;
  private static final int MEBIBYTE = 1024 * 1024;

  private final ContainerFiles containerFiles;

  MachineTree(ContainerFiles containerFiles) {
    this.containerFiles = containerFiles;
  }

  /**
   * What was written.
   *
   * @param members how many members
   * @param skipped what no archive can hold: sockets
   */
  record Written(long members, List<String> skipped) {
    Written {
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * Writes the machine's files, without the archive's end.
   *
   * @param prefix what all names get in front, ending in {@code /}; empty for {@code ./}
   * @throws Failure {@code EXPORT_UNREADABLE} when a file cannot be read
   */
  Written write(RestingMachine resting, BlockOutput output, String prefix, Progress.Step step)
      throws IOException {
    Regenerated regenerated = new Regenerated(clean(resting));
    List<String> arguments = arguments();
    if (!prefix.isEmpty()) {
      // Where links lead stays as it is, except for hard links, which name other members.
      arguments.add(arguments.size() - 1, "--transform=flags=rhS;s,^\\./," + prefix + ",");
    }
    RestingMachine.Program tar = resting.start("tar", arguments, false, true);
    long members = 0;
    try (FileChannel source = tar.output()) {
      TarInput input = new TarInput(source);
      TarEntry entry;
      try {
        while ((entry = input.next()) != null) {
          if (!regenerated.contains(entry.below(prefix))) {
            input.copyTo(output);
            members++;
            if (members % 1000 == 0) {
              step.update(output.written() / MEBIBYTE + " MiB");
            }
          }
        }
      } catch (TarInput.DamagedArchive | java.io.EOFException e) {
        refuseStatus(tar, "tar", CHANGED);
        throw e;
      }
      input.drain();
    } catch (IOException | RuntimeException e) {
      tar.end();
      throw e;
    }
    refuseStatus(tar, "tar", CHANGED);
    List<String> skipped =
        tar.errors().stream()
            .filter(line -> line.endsWith(": socket ignored"))
            .map(MachineTree::subject)
            .toList();
    return new Written(members, skipped);
  }

  /** How large the archive of the machine's files will be, in bytes; nothing is read but names. */
  long size(RestingMachine resting) {
    List<String> arguments = arguments();
    // GNU tar does not read files whose archive goes nowhere.
    arguments.addAll(arguments.size() - 1, List.of("--totals", "--file=/dev/null"));
    RestingMachine.Program tar = resting.start("tar", arguments, false, false);
    refuseStatus(tar, "tar", CHANGED);
    return tar.errors().stream()
        .filter(line -> line.startsWith("Total bytes written: "))
        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[3]))
        .findFirst()
        .orElse(0);
  }

  private static List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "--create",
            "--directory=/",
            "--format=posix",
            // Times of access and the number of this process would make every archive another.
            "--pax-option=delete=atime,delete=ctime,exthdr.name=%d/PaxHeaders/%f",
            "--sort=name",
            "--sparse",
            "--acls",
            "--xattrs",
            "--xattrs-include=user.*",
            "--xattrs-include=security.capability",
            "--blocking-factor=128",
            "--quoting-style=escape",
            "--anchored",
            "--no-wildcards"));
    Regenerated.trees().forEach(tree -> arguments.add("--exclude=" + tree));
    arguments.add(".");
    return arguments;
  }

  /** NixOS' list of what it wrote to {@code /etc}; empty where there is none yet. */
  private String clean(RestingMachine resting) throws IOException {
    try (InputStream in = containerFiles.read(resting.container(), "/etc/.clean")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (Failure none) {
      if (none.code() == FailureCode.CONTAINER_MISSING) {
        return "";
      }
      throw none;
    }
  }

  /**
   * Waits for a program.
   *
   * @param most the highest status that is none of a failure
   * @throws Failure {@code EXPORT_UNREADABLE} with what it complained of
   */
  static void refuseStatus(RestingMachine.Program program, String name, int most) {
    int status = program.await();
    if (status > most) {
      List<String> complaints =
          program.errors().stream().filter(line -> !line.endsWith(": socket ignored")).toList();
      throw Failure.of(FailureCode.EXPORT_UNREADABLE, "not all files of the machine could be read")
          .because(
              complaints.isEmpty()
                  ? name + " ended with " + status
                  : String.join(
                      "\n", complaints.subList(0, Math.min(MOST_COMPLAINTS, complaints.size()))));
    }
  }

  /** The name in {@code PROGRAM: NAME: socket ignored}. */
  private static String subject(String line) {
    String rest = line.substring(0, line.length() - ": socket ignored".length());
    int colon = rest.indexOf(": ");
    String name = colon < 0 ? rest : rest.substring(colon + 2);
    return name.startsWith("./") ? name.substring(1) : name;
  }
}
