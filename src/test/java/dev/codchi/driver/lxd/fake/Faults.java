package dev.codchi.driver.lxd.fake;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the fake daemon does wrong on purpose. */
public final class Faults {
  /** How a request goes wrong. */
  enum Kind {
    REFUSE,
    FAIL_OPERATION,
    LOSE
  }

  record Fault(Kind kind, String method, String path, int status, String text) {}

  private final List<Fault> planned = new ArrayList<>();

  /** The next request of that method whose path starts so is answered with an error. */
  public synchronized Faults refuse(String method, String path, int status, String text) {
    planned.add(new Fault(Kind.REFUSE, method, path, status, text));
    return this;
  }

  /** The next request of that kind becomes an operation that fails. */
  public synchronized Faults failOperation(String method, String path, String text) {
    planned.add(new Fault(Kind.FAIL_OPERATION, method, path, 400, text));
    return this;
  }

  /** The connection ends instead of an answer, as when the daemon is killed. */
  public synchronized Faults lose(String method, String path) {
    planned.add(new Fault(Kind.LOSE, method, path, 0, ""));
    return this;
  }

  synchronized @Nullable Fault next(Wire.Request request) {
    for (Iterator<Fault> each = planned.iterator(); each.hasNext(); ) {
      Fault fault = each.next();
      if (fault.method().equals(request.method()) && request.path().startsWith(fault.path())) {
        each.remove();
        return fault;
      }
    }
    return null;
  }
}
