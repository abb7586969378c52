package dev.codchi.machines.secrets.keyring;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.DataKey;
import dev.codchi.machines.secrets.keys.IdentifiedKey;
import dev.codchi.machines.secrets.keys.Keyring;
import io.quarkus.arc.profile.IfBuildProfile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys in the keyring of a Linux desktop: GNOME Keyring, KWallet, KeePassXC, or whatever else
 * offers the Secret Service. An item has the attributes {@code application=codchi} and {@code
 * key=ID}; its secret is the text {@code ID KEY}, both hexadecimal, so that any keyring program can
 * copy it. A key that replaces another one has the attribute {@code generation}, too: how many came
 * before it. Connects when called, and disconnects at once.
 */
@ApplicationScoped
@IfBuildProfile("linux")
public class SecretServiceKeyring implements Keyring {
  private static final Map<String, String> OURS =
      Map.of("application", "codchi", "xdg:schema", "dev.codchi.Key");
  private static final String GENERATION = "generation";
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SECRET = Pattern.compile("([0-9a-f]{32}) ([0-9a-f]{64})");
  private static final String IS_LOCKED = "org.freedesktop.Secret.Error.IsLocked";

  private final Supplier<Optional<String>> address;

  /** The keyring of the session that this process belongs to. */
  @Inject
  public SecretServiceKeyring() {
    this(() -> SessionBus.address(System.getenv()));
  }

  SecretServiceKeyring(Supplier<Optional<String>> address) {
    this.address = address;
  }

  @Override
  public boolean isReachable() {
    try {
      return ask(service -> true);
    } catch (Failure absent) {
      return false;
    }
  }

  @Override
  public IdentifiedKey current() {
    return ask(service -> {
      SecretService.Found found = search(service, OURS);
      if (!found.isEmpty()) {
        return read(service, unlocked(service, newest(service, found)));
      }
      return create(service, 0);
    });
  }

  @Override
  public void renew() {
    ask(service -> {
      SecretService.Found found = search(service, OURS);
      SortedMap<Integer, List<String>> generations = generations(service, found);
      create(service, generations.isEmpty() ? 0 : generations.lastKey() + 1).close();
      return found;
    });
  }

  @Override
  public void retire() {
    ask(service -> {
      SecretService.Found found = search(service, OURS);
      SortedMap<Integer, List<String>> generations = generations(service, found);
      if (!generations.isEmpty()) {
        for (List<String> older : generations.headMap(generations.lastKey()).values()) {
          for (String item : older) {
            boolean open = !found.locked().contains(item) || service.unlock(item);
            if (!open || !service.delete(item)) {
              throw locked();
            }
          }
        }
      }
      return found;
    });
  }

  /** Items by how often the key had been renewed when they were made, lowest first. */
  private static SortedMap<Integer, List<String>> generations(
      SecretService service, SecretService.Found found) throws BusError {
    SortedMap<Integer, List<String>> generations = new TreeMap<>();
    List<String> items = new ArrayList<>(found.unlocked());
    items.addAll(found.locked());
    for (String item : items) {
      String number = service.attributes(item).getOrDefault(GENERATION, "");
      // What a person brought back by hand may lack it; it is then the oldest.
      int generation = NUMBER.matcher(number).matches() ? Integer.parseInt(number) : 0;
      generations.computeIfAbsent(generation, none -> new ArrayList<>()).add(item);
    }
    return generations;
  }

  /** The items of the newest generation; those of older ones are on their way out. */
  private static SecretService.Found newest(SecretService service, SecretService.Found found)
      throws BusError {
    if (found.unlocked().size() + found.locked().size() < 2) {
      return found;
    }
    SortedMap<Integer, List<String>> generations = generations(service, found);
    List<String> last = generations.getOrDefault(generations.lastKey(), List.of());
    return new SecretService.Found(
        found.unlocked().stream().filter(last::contains).toList(),
        found.locked().stream().filter(last::contains).toList());
  }

  @Override
  public Optional<DataKey> find(String id) {
    return ask(service -> {
      SecretService.Found found = search(service, Map.of("application", "codchi", "key", id));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      IdentifiedKey key = read(service, unlocked(service, found));
      if (key.id().equals(id)) {
        return Optional.of(key.key());
      }
      key.close();
      return Optional.empty();
    });
  }

  @Override
  public String description() {
    return "the keyring";
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(SecretService service) throws BusError;
  }

  private <T> T ask(Question<T> question) {
    String bus =
        address
            .get()
            .orElseThrow(() ->
                Failure.of(FailureCode.KEYRING_ABSENT, "There is no keyring")
                    .because("There is no session bus: this is no desktop session"));
    SessionBus connection = SessionBus.connect(bus, SecretService.NAME);
    try (connection) {
      SecretService service = open(connection);
      try (service) {
        return question.ask(service);
      } catch (BusError failed) {
        throw explained(failed);
      }
    }
  }

  private static SecretService open(SessionBus connection) {
    try {
      return SecretService.open(connection);
    } catch (BusError absent) {
      throw Failure.of(FailureCode.KEYRING_ABSENT, "No keyring answers on the session bus")
          .because(String.valueOf(absent.getMessage()))
          .causedBy(absent);
    }
  }

  private static Failure explained(BusError failed) {
    if (failed.name().equals(IS_LOCKED)) {
      return locked().causedBy(failed);
    }
    return Failure.of(FailureCode.KEYRING_ABSENT, "The keyring failed")
        .because(String.valueOf(failed.getMessage()))
        .causedBy(failed);
  }

  private static Failure locked() {
    return Failure.of(FailureCode.KEYRING_LOCKED, "The keyring is locked")
        .because("It holds the key of the machines' secrets, and was not unlocked when asked");
  }

  /**
   * Items with these attributes. KeePassXC may not know what is in a database before that is open,
   * so where nothing is found the default collection is unlocked, which may ask the person, and
   * searched again.
   */
  private static SecretService.Found search(SecretService service, Map<String, String> attributes)
      throws BusError {
    SecretService.Found found = service.search(attributes);
    if (!found.isEmpty()) {
      return found;
    }
    String collection = service.defaultCollection();
    if (collection.isEmpty() || !service.isLocked(collection)) {
      return found;
    }
    if (!service.unlock(collection)) {
      throw locked();
    }
    return service.search(attributes);
  }

  private static String unlocked(SecretService service, SecretService.Found found) throws BusError {
    if (!found.unlocked().isEmpty()) {
      return found.unlocked().getFirst();
    }
    String item = found.locked().getFirst();
    if (!service.unlock(item)) {
      throw locked();
    }
    return item;
  }

  private static IdentifiedKey read(SecretService service, String item) throws BusError {
    byte[] secret = service.secret(item);
    Matcher parts = SECRET.matcher(new String(secret, StandardCharsets.US_ASCII));
    Arrays.fill(secret, (byte) 0);
    if (!parts.matches()) {
      throw Failure.of(FailureCode.KEY_WRONG, "codchi's item in the keyring holds no key")
          .because("Its text should be two hexadecimal numbers: ID KEY")
          .next("Restore the item from a backup, or remove it and set the secrets again.");
    }
    return new IdentifiedKey(
        parts.group(1), DataKey.owning(HexFormat.of().parseHex(parts.group(2))));
  }

  private static IdentifiedKey create(SecretService service, int generation) throws BusError {
    String collection = service.defaultCollection();
    if (collection.isEmpty()) {
      throw Failure.of(FailureCode.KEYRING_ABSENT, "The keyring has no default collection")
          .because("It was never set up: no password was chosen for it")
          .next(
              "Set it up with the desktop's keyring program, or choose another keeper of the key:"
                  + " secrets.provider = 'passphrase' or 'keyfile'.");
    }
    if (!service.unlock(collection)) {
      throw locked();
    }
    IdentifiedKey fresh = IdentifiedKey.random();
    byte[] raw = fresh.key().copy();
    byte[] secret =
        (fresh.id() + " " + HexFormat.of().formatHex(raw)).getBytes(StandardCharsets.US_ASCII);
    Map<String, String> attributes = new HashMap<>(OURS);
    attributes.put("key", fresh.id());
    if (generation > 0) {
      attributes.put(GENERATION, Integer.toString(generation));
    }
    boolean created =
        service.create(collection, "codchi: key of the machines' secrets", attributes, secret);
    Arrays.fill(raw, (byte) 0);
    Arrays.fill(secret, (byte) 0);
    if (!created) {
      throw locked();
    }
    return fresh;
  }
}
