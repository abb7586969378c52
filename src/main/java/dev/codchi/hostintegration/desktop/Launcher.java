package dev.codchi.hostintegration.desktop;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The path under which everything outside codchi starts it: menu entries, autostart, the tray's
 * jobs. It stays the same when codchi is updated or moves, and it carries the settings that codchi
 * had from its environment, which a desktop session does not know, except for passwords.
 */
@ApplicationScoped
public class Launcher {
  /** What the launcher of the JVM form tells of itself. */
  private static final String PROGRAM_PROPERTY = "codchi.program";

  /** An address that carries a name or a password, which is not to be kept in a file. */
  private static final Pattern WITH_PASSWORD = Pattern.compile("://[^/\\s]*@");

  private final Settings settings;
  private final Map<String, String> environment;

  /** The launcher of this installation. */
  @Inject
  public Launcher(Settings settings) {
    this(settings, System.getenv());
  }

  Launcher(Settings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /** Where it is; the path never changes. */
  public Path path() {
    return settings.directories().launcher();
  }

  /** Writes it for the codchi that runs now, where it differs. Idempotent. */
  public void write() {
    Changed.write(path(), script(program()), 0700);
  }

  /** The script, which starts the given program, or whichever codchi the session finds. */
  String script(Optional<Path> program) {
    StringBuilder script = new StringBuilder();
    script.append("#!/bin/sh\n");
    script.append(
        "# Made by codchi, for menus and autostart: a path that stays when codchi moves.\n");
    variables()
        .forEach((name, value) ->
            script.append("export ").append(name).append('=').append(quote(value)).append('\n'));
    script.append("for codchi in ");
    program.ifPresent(path -> script.append(quote(path.toString())).append(' '));
    script.append(
        "\"$(command -v codchi)\" \"$HOME/.local/bin/codchi\" /usr/local/bin/codchi; do\n");
    script.append(
        "  [ -f \"$codchi\" ] && [ -x \"$codchi\" ] && ! [ \"$codchi\" -ef \"$0\" ] || continue\n");
    script.append("  exec \"$codchi\" \"$@\"\n");
    script.append("done\n");
    script.append("echo \"codchi is not where it was; run it once from where it is now\" >&2\n");
    script.append("exit 127\n");
    return script.toString();
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CODCHI_CONFIG_DIR", settings.directories().config().toString());
    for (Setting setting : Setting.values()) {
      settings
          .value(setting)
          .filter(value -> value.origin().equals(setting.variable()))
          .filter(value -> !WITH_PASSWORD.matcher(value.text()).find())
          .ifPresent(value -> variables.put(setting.variable(), value.text()));
    }
    return variables;
  }

  /**
   * The path of this program that is likeliest to outlive an update: the name in {@code PATH} that
   * leads to it, which packages keep, before the file itself, which may carry a version.
   */
  private Optional<Path> program() {
    Optional<Path> running =
        Optional.ofNullable(System.getProperty(PROGRAM_PROPERTY))
            .or(() -> ProcessHandle.current().info().command())
            .map(Path::of)
            .map(Path::toAbsolutePath)
            .map(Path::normalize)
            .filter(path -> !path.endsWith("java"));
    return running.map(path -> inSearchPath(path).orElse(path));
  }

  private Optional<Path> inSearchPath(Path program) {
    try {
      Path real = program.toRealPath();
      for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
        Path candidate = Path.of(directory).resolve("codchi");
        if (candidate.isAbsolute()
            && Files.isExecutable(candidate)
            && candidate.toRealPath().equals(real)) {
          return Optional.of(candidate);
        }
      }
      return Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** One word for every POSIX shell. */
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
