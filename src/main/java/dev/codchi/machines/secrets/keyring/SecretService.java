package dev.codchi.machines.secrets.keyring;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.types.Variant;

/**
 * The freedesktop.org Secret Service, version 0.2, as far as codchi needs it: find, read and create
 * items, unlock. See https://specifications.freedesktop.org/secret-service-spec/latest/.
 */
final class SecretService implements AutoCloseable {
  static final String NAME = "org.freedesktop.secrets";

  private static final String ROOT = "/org/freedesktop/secrets";
  private static final String SERVICE = "org.freedesktop.Secret.Service";
  private static final String COLLECTION = "org.freedesktop.Secret.Collection";
  private static final String ITEM = "org.freedesktop.Secret.Item";
  private static final String PROMPT = "org.freedesktop.Secret.Prompt";
  private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
  private static final String NOTHING = "/";

  private static final Duration ANSWER = Duration.ofSeconds(15);

  /** A person may have to find a password first. */
  private static final Duration PERSON = Duration.ofMinutes(5);

  /** Items that carry the attributes asked for. */
  record Found(List<String> unlocked, List<String> locked) {
    boolean isEmpty() {
      return unlocked.isEmpty() && locked.isEmpty();
    }
  }

  private final SessionBus bus;
  private final String session;
  private final TransferCipher cipher;

  private SecretService(SessionBus bus, String session, TransferCipher cipher) {
    this.bus = bus;
    this.session = session;
    this.cipher = cipher;
  }

  /** Opens a session with the service, starting it where that is possible. */
  static SecretService open(SessionBus bus) throws BusError {
    TransferCipher.Agreement agreement = new TransferCipher.Agreement();
    Object[] opened =
        bus.call(
            ANSWER,
            ROOT,
            SERVICE,
            "OpenSession",
            "sv",
            TransferCipher.ALGORITHM,
            new Variant<>(agreement.publicKey(), "ay"));
    try {
      byte[] other = bytes(((Variant<?>) opened[0]).getValue());
      return new SecretService(bus, path(opened[1]), agreement.with(other));
    } catch (IllegalArgumentException | ClassCastException unusable) {
      throw new BusError("", "its session cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  /**
   * Items in all collections that carry these attributes. KeePassXC may ask a person to open its
   * database first, and answers when that is done.
   */
  Found search(Map<String, String> attributes) throws BusError {
    Object[] found = bus.call(PERSON, ROOT, SERVICE, "SearchItems", "a{ss}", attributes);
    return new Found(paths(found[0]), paths(found[1]));
  }

  /** The collection that new items go to; empty text when there is none. */
  String defaultCollection() throws BusError {
    String path = path(bus.call(ANSWER, ROOT, SERVICE, "ReadAlias", "s", "default")[0]);
    return path.equals(NOTHING) ? "" : path;
  }

  /** Whether a collection is locked. */
  boolean isLocked(String collection) throws BusError {
    Object[] answer = bus.call(ANSWER, collection, PROPERTIES, "Get", "ss", COLLECTION, "Locked");
    return answer[0] instanceof Variant<?> value && Boolean.TRUE.equals(value.getValue());
  }

  /**
   * Unlocks an item or a collection; the service may ask a person.
   *
   * @return whether it is unlocked now; false when the person declined
   */
  boolean unlock(String object) throws BusError {
    Object[] answer =
        bus.call(ANSWER, ROOT, SERVICE, "Unlock", "ao", List.of(new DBusPath(object)));
    if (paths(answer[0]).contains(object)) {
      return true;
    }
    return confirm(path(answer[1]));
  }

  /** The secret of an unlocked item, to be wiped by the caller. */
  byte[] secret(String item) throws BusError {
    Object[] answer = bus.call(ANSWER, item, ITEM, "GetSecret", "o", new DBusPath(session));
    Object[] secret = fields(answer[0]);
    try {
      return cipher.reveal(new TransferCipher.Hidden(bytes(secret[1]), bytes(secret[2])));
    } catch (GeneralSecurityException garbled) {
      throw new BusError("", "it sent a secret that cannot be read", garbled);
    }
  }

  /**
   * Creates an item, beside any that carry the same attributes.
   *
   * @return whether it was created; false when the person declined
   */
  boolean create(String collection, String label, Map<String, String> attributes, byte[] secret)
      throws BusError {
    TransferCipher.Hidden hidden = cipher.hide(secret);
    Map<String, Variant<?>> properties =
        Map.of(
            ITEM + ".Label", new Variant<>(label, "s"),
            ITEM + ".Attributes", new Variant<>(attributes, "a{ss}"));
    Object[] answer =
        bus.call(
            ANSWER,
            collection,
            COLLECTION,
            "CreateItem",
            "a{sv}(oayays)b",
            properties,
            new Object[] {new DBusPath(session), hidden.parameters(), hidden.value(), "text/plain"},
            false);
    return !path(answer[0]).equals(NOTHING) || confirm(path(answer[1]));
  }

  /** The attributes of an item, which may be locked. */
  Map<String, String> attributes(String item) throws BusError {
    Object[] answer = bus.call(ANSWER, item, PROPERTIES, "Get", "ss", ITEM, "Attributes");
    Map<String, String> attributes = new HashMap<>();
    if (answer[0] instanceof Variant<?> value && value.getValue() instanceof Map<?, ?> all) {
      all.forEach((name, each) -> attributes.put(String.valueOf(name), String.valueOf(each)));
    }
    return attributes;
  }

  /**
   * Deletes an item.
   *
   * @return whether it is gone; false when the person declined
   */
  boolean delete(String item) throws BusError {
    return confirm(path(bus.call(ANSWER, item, ITEM, "Delete", "")[0]));
  }

  /** Closes the session and the connection. */
  @Override
  public void close() {
    cipher.close();
    bus.close();
  }

  private boolean confirm(String prompt) throws BusError {
    if (prompt.equals(NOTHING)) {
      return true;
    }
    Object[] completed =
        bus.await(
            PERSON,
            prompt,
            PROMPT,
            "Completed",
            arguments -> true,
            () -> bus.call(ANSWER, prompt, PROMPT, "Prompt", "s", ""));
    return !Boolean.TRUE.equals(completed[0]);
  }

  private static String path(Object value) {
    return value instanceof DBusPath path ? path.getPath() : String.valueOf(value);
  }

  private static List<String> paths(Object value) {
    List<String> paths = new ArrayList<>();
    for (Object each : elements(value)) {
      paths.add(path(each));
    }
    return paths;
  }

  private static Object[] fields(Object struct) {
    return elements(struct).toArray();
  }

  private static Collection<?> elements(Object value) {
    return switch (value) {
      case Collection<?> collection -> collection;
      case Object[] array -> List.of(array);
      default -> throw new IllegalArgumentException("not a list: " + value.getClass());
    };
  }

  private static byte[] bytes(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes;
    }
    Collection<?> elements = elements(value);
    byte[] bytes = new byte[elements.size()];
    int next = 0;
    for (Object each : elements) {
      bytes[next++] = (Byte) each;
    }
    return bytes;
  }
}
