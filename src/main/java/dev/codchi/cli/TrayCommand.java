package dev.codchi.cli;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.hostintegration.tray.RunTray;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code codchi tray}. */
@Command(
    name = "tray",
    description = {
      "Show an icon in the tray, whose menu has all machines and what can be done with them.",
      "Ends when you quit it there, or with the session. The setting tray.autostart says whether it starts with the session."
    })
final class TrayCommand implements Callable<Integer> {
  private final RunTray runTray;
  private final Settings settings;
  private final ConsoleProgress progress;

  @Option(
      names = "--autostart",
      hidden = true,
      description = "Started by the session: end at once where the settings say so.")
  boolean autostart;

  TrayCommand(RunTray runTray, Settings settings, ConsoleProgress progress) {
    this.runTray = runTray;
    this.settings = settings;
    this.progress = progress;
  }

  @Override
  public Integer call() {
    if (autostart && !settings.enabled(Setting.TRAY_AUTOSTART)) {
      return 0;
    }
    if (!runTray.run()) {
      progress.note("The tray icon is there already.");
    }
    return 0;
  }
}
