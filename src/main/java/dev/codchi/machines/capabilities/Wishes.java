package dev.codchi.machines.capabilities;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codchi.files.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a machine's configuration says of capabilities: {@code codchi/capabilities.json} of a built
 * system, see {@code src/main/nix/README.md}.
 *
 * @param required what it is of no use without
 * @param wanted what it can use besides
 */
public record Wishes(List<String> required, List<String> wanted) {
  /** Copies both. */
  public Wishes {
    required = List.copyOf(required);
    wanted = List.copyOf(wanted);
  }

  /** No wishes. */
  public static Wishes none() {
    return new Wishes(List.of(), List.of());
  }

  /** Reads them; what is damaged or from another version has none. */
  public static Wishes parse(byte[] json) {
    try {
      JsonNode document = JsonText.MAPPER.readTree(json);
      return new Wishes(words(document.path("required")), words(document.path("wanted")));
    } catch (IOException damaged) {
      return none();
    }
  }

  private static List<String> words(JsonNode array) {
    List<String> words = new ArrayList<>();
    array.forEach(word -> words.add(word.asText()));
    return words;
  }

  /** Both, the required ones first. */
  public Set<String> all() {
    Set<String> all = new LinkedHashSet<>(required);
    all.addAll(wanted);
    return all;
  }
}
