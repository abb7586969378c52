package dev.codchi.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code codchi config}. */
@Command(name = "config", description = "Show settings and where they come from.")
final class ConfigCommand {
  private final Settings settings;
  private final Console console;

  ConfigCommand(Settings settings, Console console) {
    this.settings = settings;
    this.console = console;
  }

  @Command(name = "list", description = "Show all settings.")
  int list() {
    if (console.json()) {
      ObjectNode document = Json.document("config");
      ArrayNode all = document.putArray("settings");
      for (Setting setting : Setting.values()) {
        ObjectNode one = all.addObject().put("key", setting.key());
        settings
            .value(setting)
            .ifPresent(value -> one.put("value", value.text()).put("origin", value.origin()));
      }
      console.out().println(Json.pretty(document));
      return 0;
    }
    Table table = new Table(List.of("KEY", "VALUE", "ORIGIN"));
    for (Setting setting : Setting.values()) {
      table.row(
          List.of(
              setting.key(),
              settings.value(setting).map(Settings.Value::text).orElse("-"),
              settings.value(setting).map(Settings.Value::origin).orElse("found by itself")));
    }
    table.print(console.out());
    return 0;
  }

  @Command(name = "get", description = "Print one setting.")
  int get(@Parameters(paramLabel = "KEY", description = "The setting's key.") String key) {
    Setting setting =
        Setting.byKey(key)
            .orElseThrow(() ->
                Failure.of(FailureCode.BAD_USAGE, "there is no setting '" + key + "'")
                    .next("'codchi config list' shows all keys."));
    console.out().println(settings.text(setting).orElse(""));
    return 0;
  }

  @Command(name = "path", description = "Print the path of the settings file.")
  int path() {
    console.out().println(settings.directories().settingsFile());
    return 0;
  }
}
