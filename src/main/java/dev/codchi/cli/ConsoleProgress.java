package dev.codchi.cli;

import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Progress on standard error: one line that is redrawn on a terminal, one line a step elsewhere,
 * nothing when quiet. Details are shown when wanted.
 */
@ApplicationScoped
public class ConsoleProgress implements Progress {
  private static final Duration REDRAW = Duration.ofMillis(80);
  private static final int WIDTH = 100;

  private final Console console;
  private final Deque<OpenStep> open = new ArrayDeque<>();
  private long lastDrawn;
  private boolean drawn;

  ConsoleProgress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized Step begin(String what) {
    OpenStep step = new OpenStep(what);
    open.push(step);
    if (lively()) {
      draw(true);
    } else if (console.verbosity() >= 0) {
      console.err().println(what);
    }
    return step;
  }

  @Override
  public synchronized void note(String text) {
    if (console.verbosity() >= 0) {
      line(text);
    }
  }

  @Override
  public synchronized void warn(String text) {
    line("warning: " + text);
  }

  @Override
  public synchronized void detail(String text) {
    if (console.verbosity() > 0) {
      line("  " + text);
    } else if (lively() && open.peek() instanceof OpenStep step) {
      step.state = text;
      draw(false);
    }
  }

  /** Removes the line that is being redrawn, for example before a failure is printed. */
  synchronized void clear() {
    if (drawn) {
      console.err().print("\r\033[K");
      console.err().flush();
      drawn = false;
    }
  }

  private boolean lively() {
    return console.verbosity() == 0 && console.livelyMessages() && !console.json();
  }

  private void line(String text) {
    clear();
    console.err().println(text);
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
    String text = step.state.isEmpty() ? step.what : step.what + ": " + step.state;
    String shown = text.length() > WIDTH ? text.substring(0, WIDTH - 1) + "…" : text;
    PrintStream err = console.err();
    err.print("\r\033[K" + shown);
    err.flush();
    drawn = true;
  }

  private final class OpenStep implements Step {
    private final String what;
    private String state = "";

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
        if (lively()) {
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
