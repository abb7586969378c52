package dev.codchi.machines.secrets.delivery;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.SecretId;
import dev.codchi.machines.secrets.SecretKind;
import dev.codchi.machines.secrets.SecretValue;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * What the machine's {@code codchi-deliver} reads from its standard input: every value with its
 * kind, name and length in bytes, so that nothing in a value needs quoting. The protocol is
 * described in {@code src/main/nix/README.md}.
 */
public final class DeliveryStream implements Closeable {
  private static final class WipedOutput extends ByteArrayOutputStream {
    WipedOutput(int size) {
      super(size);
    }

    void wipe() {
      Arrays.fill(buf, (byte) 0);
      count = 0;
    }
  }

  private final WipedOutput out;

  private DeliveryStream(int size) {
    out = new WipedOutput(size);
  }

  /**
   * Renders a delivery. Tokens are left out: they are the host's.
   *
   * @param environment the host's own variables, for example {@code DISPLAY}
   * @param secrets values that the machine declares; they stay the caller's
   * @return the bytes to send, to be closed after that
   * @throws Failure {@code SECRET_VALUE} when a value cannot be delivered
   */
  public static DeliveryStream of(
      Map<String, String> environment, Map<SecretId, SecretValue> secrets) {
    int size = 64;
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      size += 64 + variable.getKey().length() + 4 * variable.getValue().length();
    }
    for (SecretValue value : secrets.values()) {
      size += 256 + value.length();
    }
    // Large enough from the start: an array that grows leaves copies behind that nobody wipes.
    DeliveryStream stream = new DeliveryStream(size);
    stream.text("codchi-deliver 1\n");
    environment.forEach(stream::variable);
    secrets.forEach(stream::secret);
    stream.text("end\n");
    return stream;
  }

  /** A copy of the bytes, to be wiped by the caller. */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /** Wipes the bytes. Idempotent. */
  @Override
  public void close() {
    out.wipe();
  }

  private void variable(String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf('\0') >= 0) {
      throw Failure.of(FailureCode.SECRET_VALUE, "The variable " + name + " cannot be delivered")
          .because("Its name or its value is not what an environment can hold")
          .next("Mend the variable in the environment that codchi runs in.");
    }
    value("env", name, bytes);
  }

  private void secret(SecretId id, SecretValue value) {
    if (id.kind() == SecretKind.TOKEN) {
      return;
    }
    value.requireFit(id);
    byte[] bytes = value.bytes();
    value(id.kind() == SecretKind.ENV ? "secret-env" : "secret-file", id.name(), bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  private void value(String kind, String name, byte[] bytes) {
    text(kind + " " + name + " " + bytes.length + "\n");
    out.writeBytes(bytes);
    text("\n");
  }

  private void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }
}
