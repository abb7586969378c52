package dev.codchi.hostintegration;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A display of this computer, as {@code DISPLAY} names it (X(7), "Display names").
 *
 * @param number counted from 0
 */
record XDisplay(int number) {
  /** Where X servers have their sockets. */
  static final Path SOCKETS = Path.of("/tmp/.X11-unix");

  private static final Pattern LOCAL = Pattern.compile("(?:unix)?:(\\d{1,5})(?:\\.\\d+)?");

  /** The display that the text names; nothing for one that is reached over TCP. */
  static Optional<XDisplay> parse(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Matcher local = LOCAL.matcher(text.strip());
    return local.matches()
        ? Optional.of(new XDisplay(Integer.parseInt(local.group(1))))
        : Optional.empty();
  }

  /** The socket of its server. */
  Path socket() {
    return SOCKETS.resolve("X" + number);
  }
}
