package dev.codchi.machines;

import dev.codchi.config.Settings;
import dev.codchi.driver.Containers;
import dev.codchi.driver.DriverFeatures;
import dev.codchi.driver.Person;
import dev.codchi.driver.Readiness;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.KnownCapabilities;
import dev.codchi.machines.capabilities.Offer;
import dev.codchi.machines.secrets.SealClearText;
import dev.codchi.progress.Progress;
import dev.codchi.store.StoreCollector;
import dev.codchi.store.StorePaths;
import dev.codchi.store.StoreStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at everything that codchi needs and at what it may have left. Changes nothing. */
@ApplicationScoped
public class ExamineHost {
  /** How a thing is. */
  public enum Verdict {
    OK,
    /** Works, but somebody should know. */
    WARNING,
    /** Something will not work. */
    PROBLEM
  }

  /**
   * One thing that was looked at.
   *
   * @param subject what it is
   * @param verdict how it is
   * @param finding what was found
   * @param failure the failure that using it meets or would meet; its code is stable
   */
  public record Finding(
      String subject, Verdict verdict, String finding, Optional<Failure> failure) {}

  private static final long GIB = 1L << 30;

  /** A system with its build needs about this much. */
  private static final long COMFORTABLE = 10 * GIB;

  /** Below this, nix and the container daemon fail in ways that are hard to understand. */
  private static final long LEAST = GIB;

  private final Settings settings;
  private final Containers containers;
  private final StoreStatus storeStatus;
  private final StoreCollector storeCollector;
  private final FindLeftovers leftovers;
  private final SealClearText sealClearText;
  private final KnownCapabilities known;

  ExamineHost(
      Settings settings,
      Containers containers,
      StoreStatus storeStatus,
      StoreCollector storeCollector,
      FindLeftovers leftovers,
      SealClearText sealClearText,
      KnownCapabilities known) {
    this.settings = settings;
    this.containers = containers;
    this.storeStatus = storeStatus;
    this.storeCollector = storeCollector;
    this.leftovers = leftovers;
    this.sealClearText = sealClearText;
    this.known = known;
  }

  /** Looks at everything; problems are findings, not failures. */
  public List<Finding> examine() {
    List<Finding> all = new ArrayList<>();
    Finding daemon =
        look(
            "container daemon",
            () -> {
              DriverFeatures features = containers.features();
              return ok(
                  "container daemon",
                  features.backend()
                      + " "
                      + features.version()
                      + (features.copyOnWrite() ? ", copies share blocks" : ""));
            });
    all.add(daemon);
    if (daemon.verdict() == Verdict.OK) {
      try {
        containers.readiness(Person.current().identity()).forEach(one -> all.add(of(one)));
      } catch (Failure failure) {
        all.add(problem("containers", failure));
      }
      all.add(look("store", this::store));
    }
    all.add(look("disk space", this::diskSpace));
    known.all().forEach(capability -> all.add(of(capability)));
    all.addAll(leftovers.find(daemon.verdict() == Verdict.OK));
    sealClearText.find().forEach(found -> all.add(clearText(found)));
    return all;
  }

  private static Finding clearText(SealClearText.Found found) {
    return problem(
        "secrets of " + found.machine(),
        Failure.of(
                FailureCode.CLEAR_TEXT_SECRETS,
                found.file() + " has secrets in clear text: " + String.join(", ", found.names()))
            .because("a beta of codchi kept them so"));
  }

  private static Finding look(String subject, Supplier<Finding> look) {
    try {
      return look.get();
    } catch (Failure failure) {
      return problem(subject, failure);
    }
  }

  static Finding ok(String subject, String finding) {
    return new Finding(subject, Verdict.OK, finding, Optional.empty());
  }

  static Finding problem(String subject, Failure failure) {
    return new Finding(subject, Verdict.PROBLEM, failure.what(), Optional.of(failure));
  }

  static Finding warning(String subject, String finding) {
    return new Finding(subject, Verdict.WARNING, finding, Optional.empty());
  }

  private static Finding of(Readiness one) {
    return one.failure()
        .map(failure -> problem(one.subject(), failure))
        .orElseGet(() -> ok(one.subject(), one.finding()));
  }

  private static Finding of(Capability capability) {
    Offer offer = capability.offer();
    return switch (offer) {
      case Offer.Available(String finding) -> ok(capability.name(), finding);
      case Offer.Absent(String finding) -> ok(capability.name(), "not here: " + finding);
      case Offer.Broken(String finding) -> warning(capability.name(), finding);
    };
  }

  private Finding store() {
    StoreStatus.Report report = storeStatus.read();
    return ok(
        "store",
        report.state().equals("absent")
            ? "not made yet; the first machine makes it"
            : report.state() + ", nix " + report.nix() + content(report));
  }

  /** Only a store that runs can tell; it is not started for that. */
  private String content(StoreStatus.Report report) {
    if (!report.state().equals("running")) {
      return "";
    }
    StorePaths paths = storeCollector.paths(Progress.SILENT);
    return ", "
        + ClosureDiff.size(paths.bytes(paths.names()))
        + " in "
        + paths.names().size()
        + " paths";
  }

  private Finding diskSpace() {
    Path directory = existing(settings.directories().data());
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      String text = ClosureDiff.size(free) + " free at " + directory;
      if (free < LEAST) {
        return problem(
            "disk space", Failure.of(FailureCode.DISK_FULL, "there is hardly any space: " + text));
      }
      return free < COMFORTABLE
          ? warning("disk space", text + "; 'codchi gc' frees what no machine uses")
          : ok("disk space", text);
    } catch (IOException e) {
      throw Failure.of(FailureCode.DIRECTORY_UNUSABLE, "cannot look at " + directory)
          .because(e.toString())
          .causedBy(e);
    }
  }

  private static Path existing(Path path) {
    Path here = path;
    while (!Files.exists(here) && here.getParent() != null) {
      here = here.getParent();
    }
    return here;
  }
}
