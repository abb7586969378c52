package dev.codchi.machines.secrets;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.KeyProvider;
import dev.codchi.machines.secrets.keys.Sealed;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a vault's file, version 1. Numbers are big-endian; a string is its length in bytes
 * (2 bytes) and UTF-8.
 *
 * <pre>
 * magic       "codchi-vault\n"
 * version     2 bytes
 * machine     string
 * provider    string
 * wrapped key length (2 bytes), bytes
 * count       4 bytes
 * entry       kind (1 byte), name (string), changed (8 bytes, milliseconds since 1970),
 *             nonce (12 bytes), length (4 bytes), ciphertext with tag
 * seal        nonce (12 bytes), tag (16 bytes): AES-256-GCM of nothing, bound to all bytes before
 * </pre>
 *
 * A value's seal is bound to the version, the machine, the kind and the name, so that values cannot
 * trade places; the last seal makes entries impossible to remove, add or date back unnoticed.
 */
final class VaultFormat {
  static final int VERSION = 1;

  private static final byte[] MAGIC = "codchi-vault\n".getBytes(StandardCharsets.US_ASCII);
  private static final int MOST_ENTRIES = 10_000;
  private static final int SEAL_LENGTH = Sealed.NONCE_LENGTH + Sealed.TAG_LENGTH;

  private VaultFormat() {}

  /** What a value's seal is bound to. */
  static byte[] associated(String machine, SecretId id) {
    return written(out -> {
      out.write(MAGIC);
      out.writeShort(VERSION);
      writeString(out, machine);
      out.writeByte(id.kind().number());
      writeString(out, id.name());
    });
  }

  /** Everything but the last seal: what that seal is bound to. */
  static byte[] body(
      String machine, String provider, byte[] wrappedKey, List<SealedEntry> entries) {
    return written(out -> {
      out.write(MAGIC);
      out.writeShort(VERSION);
      writeString(out, machine);
      writeString(out, provider);
      out.writeShort(wrappedKey.length);
      out.write(wrappedKey);
      out.writeInt(entries.size());
      for (SealedEntry entry : entries) {
        out.writeByte(entry.id().kind().number());
        writeString(out, entry.id().name());
        out.writeLong(entry.changed().toEpochMilli());
        out.write(entry.value().nonce());
        out.writeInt(entry.value().ciphertext().length);
        out.write(entry.value().ciphertext());
      }
    });
  }

  static byte[] body(SealedVault vault) {
    return body(vault.machine(), vault.provider(), vault.wrappedKey(), vault.entries());
  }

  static byte[] bytes(SealedVault vault) {
    byte[] body = body(vault);
    return ByteBuffer.allocate(body.length + SEAL_LENGTH)
        .put(body)
        .put(vault.seal().nonce())
        .put(vault.seal().ciphertext())
        .array();
  }

  /**
   * Reads a vault's bytes. Nothing is proven by that but their shape.
   *
   * @param origin where they come from, for messages
   * @throws Failure {@code VAULT_FOREIGN}, {@code VAULT_NEWER} or {@code VAULT_DAMAGED}
   */
  static SealedVault parse(byte[] bytes, String origin) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    requireMagic(bytes, origin);
    in.position(MAGIC.length);
    try {
      int version = Short.toUnsignedInt(in.getShort());
      if (version > VERSION) {
        throw Failure.of(FailureCode.VAULT_NEWER, "A newer codchi wrote the secrets in " + origin)
            .because("Their format is " + version + "; this codchi knows up to " + VERSION);
      }
      if (version != VERSION) {
        throw new Malformed("there is no format " + version);
      }
      SealedVault vault =
          new SealedVault(
              readString(in), readString(in), readWrapped(in), readEntries(in), readSeal(in));
      if (in.hasRemaining()) {
        throw new Malformed("there are bytes behind its end");
      }
      return vault;
    } catch (BufferUnderflowException truncated) {
      throw damaged(origin, "it ends too early").causedBy(truncated);
    } catch (Malformed malformed) {
      throw damaged(origin, malformed.reason).causedBy(malformed);
    }
  }

  static Failure damaged(String origin, String reason) {
    return Failure.of(FailureCode.VAULT_DAMAGED, "The vault " + origin + " is damaged")
        .because("Its content is not what codchi wrote: " + reason);
  }

  private static void requireMagic(byte[] bytes, String origin) {
    int known = Math.min(bytes.length, MAGIC.length);
    boolean same = Arrays.equals(bytes, 0, known, MAGIC, 0, known);
    if (same && known < MAGIC.length) {
      throw damaged(origin, known == 0 ? "it is empty" : "it ends too early");
    }
    if (!same) {
      throw Failure.of(FailureCode.VAULT_FOREIGN, "The file " + origin + " is not a vault")
          .because("It does not start like one");
    }
  }

  private static byte[] readWrapped(ByteBuffer in) {
    int length = Short.toUnsignedInt(in.getShort());
    if (length > KeyProvider.LONGEST_WRAPPED) {
      throw new Malformed("its wrapped key is too long");
    }
    return read(in, length);
  }

  private static List<SealedEntry> readEntries(ByteBuffer in) {
    int count = in.getInt();
    if (count < 0 || count > MOST_ENTRIES) {
      throw new Malformed("it claims to hold " + count + " secrets");
    }
    List<SealedEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SealedEntry entry = readEntry(in);
      if (i > 0 && entries.getLast().id().compareTo(entry.id()) >= 0) {
        throw new Malformed("its secrets are not in order");
      }
      entries.add(entry);
    }
    return List.copyOf(entries);
  }

  private static SealedEntry readEntry(ByteBuffer in) {
    int number = Byte.toUnsignedInt(in.get());
    SecretKind kind =
        SecretKind.ofNumber(number)
            .orElseThrow(() -> new Malformed("there is no kind of secret " + number));
    SecretId id;
    try {
      id = new SecretId(kind, readString(in));
    } catch (Failure invalid) {
      throw new Malformed("a name is invalid");
    }
    Instant changed = Instant.ofEpochMilli(in.getLong());
    byte[] nonce = read(in, Sealed.NONCE_LENGTH);
    int length = in.getInt();
    if (length < Sealed.TAG_LENGTH || length > SecretValue.LONGEST + Sealed.TAG_LENGTH) {
      throw new Malformed("a value has an impossible length");
    }
    return new SealedEntry(id, changed, new Sealed(nonce, read(in, length)));
  }

  private static Sealed readSeal(ByteBuffer in) {
    return new Sealed(read(in, Sealed.NONCE_LENGTH), read(in, Sealed.TAG_LENGTH));
  }

  private static String readString(ByteBuffer in) {
    ByteBuffer bytes = ByteBuffer.wrap(read(in, Short.toUnsignedInt(in.getShort())));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException invalid) {
      throw new Malformed("a text is not UTF-8");
    }
  }

  private static byte[] read(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static void writeString(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String reason;

    Malformed(String reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
