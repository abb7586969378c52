package dev.codchi.store.nixlog;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What nix is doing, made of its events. The cost of an event does not grow with the number of
 * events, and memory only with what runs at the same time. Not safe for use from several threads.
 */
public final class NixProgress {
  /** How many of its last lines are kept of each build. */
  public static final int TAIL = 25;

  private static final int ENDED_BUILDS_KEPT = 32;

  private final InstantSource clock;
  private final Instant began;
  private final Map<Long, Activity> activities = new LinkedHashMap<>();
  private final Map<String, List<String>> endedTails =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
          return size() > ENDED_BUILDS_KEPT;
        }
      };
  private final Map<Long, Counter> counters = new LinkedHashMap<>();
  private long fetchedBytes;
  private long expectedBytes;
  private String step = "";

  /** Nothing has happened yet. */
  public NixProgress(InstantSource clock) {
    this.clock = clock;
    this.began = clock.instant();
  }

  /**
   * Where nix is.
   *
   * @param builds builds: done, expected, running, failed
   * @param fetches paths from caches: done, expected, running, failed
   * @param bytes unpacked bytes from caches that have arrived
   * @param expectedBytes unpacked bytes that are expected; 0: unknown
   * @param running what runs now, oldest first
   * @param step what nix does where it neither builds nor fetches; may be empty
   */
  public record Snapshot(
      Counts builds,
      Counts fetches,
      long bytes,
      long expectedBytes,
      List<Running> running,
      String step,
      Duration elapsed) {}

  /** Numbers of one kind of work. */
  public record Counts(long done, long expected, long running, long failed) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counts withNothingRunning() {
      return new Counts(done, expected, 0, failed);
    }

    Counts plus(Counts other) {
      return new Counts(
          done + other.done,
          expected + other.expected,
          running + other.running,
          failed + other.failed);
    }
  }

  /**
   * One thing that runs.
   *
   * @param name without hash
   * @param detail its phase or last line; may be empty
   * @param done bytes, for what is fetched
   * @param expected bytes; 0: unknown
   */
  public record Running(
      ActivityKind kind, String name, String detail, long done, long expected, Duration elapsed) {}

  /** Takes one event and says what is worth telling of it. */
  public List<Happening> accept(NixEvent event) {
    return switch (event) {
      case NixEvent.Started started -> started(started);
      case NixEvent.Stopped(long id) -> stopped(id);
      case NixEvent.Advanced advanced -> {
        advanced(advanced);
        yield List.of();
      }
      case NixEvent.Expected(long _, ActivityKind kind, long amount) -> {
        if (kind == ActivityKind.COPY_PATH) {
          expectedBytes = amount;
        }
        yield List.of();
      }
      case NixEvent.BuilderSaid(long id, String line) -> builderSaid(id, line);
      case NixEvent.Phase(long id, String name) -> {
        Activity activity = activities.get(id);
        if (activity != null) {
          activity.detail = name;
        }
        yield List.of();
      }
      case NixEvent.Message(int level, String text) when level == NixEvent.ERROR ->
          List.of(new Happening.Erred(text));
      case NixEvent.Message(int level, String text) when level == NixEvent.WARNING ->
          List.of(new Happening.Warned(text));
      case NixEvent.Message _, NixEvent.Other _ -> List.of();
      case NixEvent.Foreign(String line) ->
          line.isBlank() ? List.of() : List.of(new Happening.Said(line));
    };
  }

  /** Where nix is now. */
  public Snapshot snapshot() {
    Instant now = clock.instant();
    List<Running> running = new ArrayList<>();
    long bytes = fetchedBytes;
    for (Activity activity : activities.values()) {
      if (activity.kind == ActivityKind.COPY_PATH) {
        bytes += activity.done;
      }
      if (activity.isShown()) {
        running.add(
            new Running(
                activity.kind,
                activity.name,
                activity.detail,
                activity.done,
                activity.expected,
                Duration.between(activity.began, now)));
      }
    }
    return new Snapshot(
        sum(ActivityKind.BUILDS),
        sum(ActivityKind.COPY_PATHS),
        bytes,
        Math.max(expectedBytes, bytes),
        running,
        step,
        Duration.between(began, now));
  }

  /** The last lines of a build that runs or has ended lately. */
  public Optional<List<String>> logTail(String derivation) {
    for (Activity activity : activities.values()) {
      if (activity.kind == ActivityKind.BUILD && activity.subject.equals(derivation)) {
        return Optional.of(List.copyOf(activity.tail));
      }
    }
    return Optional.ofNullable(endedTails.get(derivation));
  }

  private List<Happening> started(NixEvent.Started event) {
    String subject = event.fields().isEmpty() ? "" : event.fields().getFirst();
    Activity activity = new Activity(event.kind(), subject, clock.instant());
    activities.put(event.id(), activity);
    switch (event.kind()) {
      case BUILD -> {
        activity.name = StorePathName.of(subject);
        return List.of(new Happening.BuildBegan(activity.name, subject));
      }
      case COPY_PATH -> {
        activity.name = StorePathName.of(subject);
        activity.from = event.fields().size() > 1 ? event.fields().get(1) : "";
      }
      case FILE_TRANSFER -> {
        activity.name = subject;
        activity.isPart = event.parent() != 0 || isCacheTalk(subject);
        if (!activity.isPart) {
          return List.of(new Happening.Step(event.text()));
        }
      }
      case UNKNOWN, FETCH_TREE, BUILD_WAITING -> {
        if (!event.text().isEmpty() && event.level() <= 5) {
          step = event.text();
          return List.of(new Happening.Step(event.text()));
        }
      }
      default -> {}
    }
    return List.of();
  }

  /** What nix asks caches about paths; it does that by the thousand. */
  private static boolean isCacheTalk(String url) {
    return url.endsWith(".narinfo") || url.endsWith("/nix-cache-info") || url.contains("/nar/");
  }

  private List<Happening> stopped(long id) {
    Activity activity = activities.remove(id);
    if (activity == null) {
      return List.of();
    }
    Duration elapsed = Duration.between(activity.began, clock.instant());
    if (activity.kind == ActivityKind.BUILD) {
      endedTails.put(activity.subject, List.copyOf(activity.tail));
      return List.of(new Happening.BuildEnded(activity.name, activity.subject, elapsed));
    }
    if (activity.kind == ActivityKind.COPY_PATH) {
      fetchedBytes += activity.done;
      return List.of(
          new Happening.Fetched(
              activity.name,
              activity.subject,
              activity.from,
              Math.max(activity.done, activity.expected),
              elapsed));
    }
    counters.computeIfPresent(
        id, (_, last) -> new Counter(last.kind, last.counts.withNothingRunning()));
    return List.of();
  }

  private void advanced(NixEvent.Advanced event) {
    Activity activity = activities.get(event.id());
    if (activity == null) {
      return;
    }
    activity.done = event.done();
    activity.expected = event.expected();
    if (activity.kind == ActivityKind.BUILDS || activity.kind == ActivityKind.COPY_PATHS) {
      Counts now = new Counts(event.done(), event.expected(), event.running(), event.failed());
      counters.put(event.id(), new Counter(activity.kind, now));
    }
  }

  private Counts sum(ActivityKind kind) {
    Counts sum = Counts.NONE;
    for (Counter counter : counters.values()) {
      if (counter.kind == kind) {
        sum = sum.plus(counter.counts);
      }
    }
    return sum;
  }

  private List<Happening> builderSaid(long id, String line) {
    Activity activity = activities.get(id);
    if (activity == null) {
      return List.of();
    }
    // A carriage return overwrites the line; the last version counts.
    String last = line.substring(line.lastIndexOf('\r') + 1);
    if (activity.tail.size() == TAIL) {
      activity.tail.removeFirst();
    }
    activity.tail.addLast(last);
    if (!last.isBlank()) {
      activity.detail = last.strip();
    }
    return List.of(new Happening.BuilderLine(activity.name, last));
  }

  private record Counter(ActivityKind kind, Counts counts) {}

  private static final class Activity {
    private final ActivityKind kind;
    private final String subject;
    private final Instant began;
    private final Deque<String> tail = new ArrayDeque<>();
    private String name = "";
    private String from = "";
    private String detail = "";
    private long done;
    private long expected;
    private boolean isPart;

    Activity(ActivityKind kind, String subject, Instant began) {
      this.kind = kind;
      this.subject = subject;
      this.began = began;
    }

    boolean isShown() {
      return !isPart
          && (kind == ActivityKind.BUILD
              || kind == ActivityKind.COPY_PATH
              || kind == ActivityKind.FILE_TRANSFER);
    }
  }
}
