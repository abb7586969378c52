package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.progress.Progress;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * Progress on standard error: one line that is redrawn on a terminal, one line a step elsewhere,
 * one JSON object a step and event with {@code --json}, nothing when quiet. Details are shown when
 * wanted. Known secrets are masked.
 */
@ApplicationScoped
public class ConsoleProgress implements Progress {
  private static final Duration REDRAW = Duration.ofMillis(80);
  private static final int USUAL_WIDTH = 80;

  private final Console console;
  private final KnownValues known;
  private final Deque<OpenStep> open = new ArrayDeque<>();
  private int width;
  private long lastDrawn;
  private int drawn;

  ConsoleProgress(Console console, KnownValues known) {
    this.console = console;
    this.known = known;
  }

  @Override
  public synchronized Step begin(String what) {
    OpenStep step = new OpenStep(what);
    open.push(step);
    if (console.json()) {
      event("step_began", Map.of("step", what));
    } else if (lively()) {
      draw(true);
    } else if (console.verbosity() >= 0) {
      console.err().println(known.redact(what));
    }
    return step;
  }

  @Override
  public synchronized void note(String text) {
    if (console.json()) {
      event("note", Map.of("text", text));
    } else if (console.verbosity() >= 0) {
      line(text);
    }
  }

  @Override
  public synchronized void warn(String text) {
    if (console.json()) {
      print("warning", Map.of("text", text));
    } else {
      line("warning: " + text);
    }
  }

  @Override
  public synchronized void detail(String text) {
    if (console.verbosity() > 0) {
      if (console.json()) {
        event("detail", Map.of("text", text));
      } else {
        line("  " + text);
      }
    }
  }

  @Override
  public synchronized void event(String kind, Map<String, Object> values) {
    if (console.json() && console.verbosity() >= 0) {
      print(kind, values);
    }
  }

  private void print(String kind, Map<String, Object> values) {
    ObjectNode line = Json.document("event").put("event", kind);
    new TreeMap<>(values)
        .forEach((key, value) -> {
          if (value instanceof Number number) {
            line.put(key, number.longValue());
          } else {
            line.put(key, known.redact(String.valueOf(value)));
          }
        });
    console.err().println(line);
  }

  @Override
  public synchronized void picture(IntFunction<List<String>> lines) {
    if (lively() && open.peek() instanceof OpenStep step) {
      step.picture = lines;
      draw(false);
    }
  }

  /** Removes the lines that are being redrawn, for example before a failure is printed. */
  synchronized void clear() {
    if (drawn > 0) {
      console.err().print("\r" + (drawn > 1 ? "\033[" + (drawn - 1) + "A" : "") + "\033[J");
      console.err().flush();
      drawn = 0;
    }
  }

  private boolean lively() {
    return console.verbosity() == 0 && console.livelyMessages() && !console.json();
  }

  private void line(String text) {
    clear();
    console.err().println(known.redact(text));
    if (lively() && !open.isEmpty()) {
      draw(true);
    }
  }

  private void draw(boolean now) {
    long time = System.nanoTime();
    if (!now && time - lastDrawn < REDRAW.toNanos()) {
      return;
    }
    OpenStep step = open.peek();
    if (step == null) {
      return;
    }
    lastDrawn = time;
    int width = width();
    List<String> lines = new ArrayList<>();
    String title = step.state.isEmpty() ? step.what : step.what + ": " + step.state;
    lines.add(fitted(known.redact(title), width));
    step.picture.apply(width - 1).forEach(line -> lines.add(fitted(known.redact(line), width)));
    clear();
    PrintStream err = console.err();
    err.print(String.join("\r\n", lines));
    err.flush();
    drawn = lines.size();
  }

  private static String fitted(String line, int width) {
    return line.length() < width ? line : line.substring(0, Math.max(0, width - 2)) + "…";
  }

  private int width() {
    if (width == 0) {
      width = HostTerminal.width().orElse(USUAL_WIDTH);
    }
    return width;
  }

  private final class OpenStep implements Step {
    private final String what;
    private final long began = System.nanoTime();
    private String state = "";
    private IntFunction<List<String>> picture = width -> List.of();

    OpenStep(String what) {
      this.what = what;
    }

    @Override
    public void update(String newState) {
      synchronized (ConsoleProgress.this) {
        state = newState;
        if (lively()) {
          draw(false);
        }
      }
    }

    @Override
    public void close() {
      synchronized (ConsoleProgress.this) {
        open.remove(this);
        if (console.json()) {
          long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
          event("step_ended", Map.of("step", what, "millis", millis));
        } else if (lively()) {
          if (open.isEmpty()) {
            clear();
          } else {
            draw(true);
          }
        }
      }
    }
  }
}
