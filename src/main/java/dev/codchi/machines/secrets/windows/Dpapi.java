package dev.codchi.machines.secrets.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.secrets.keys.DataProtection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Windows' data protection (DPAPI): {@code CryptProtectData} and {@code CryptUnprotectData} of
 * {@code dpapi.h}. Sealed for the account, not for the computer, and never with a question to the
 * person. Functions are called by their names with plain memory, so that a native program needs no
 * description of interfaces and structures.
 */
public final class Dpapi implements DataProtection {
  /** {@code CRYPTPROTECT_UI_FORBIDDEN}: fail rather than show a window. */
  private static final int WITHOUT_QUESTIONS = 0x1;

  /** {@code ERROR_INVALID_DATA}: not sealed so, or bound to something else. */
  private static final int INVALID_DATA = 13;

  /** {@code ERROR_INVALID_PARAMETER}: too short to be anything that was sealed. */
  private static final int INVALID_PARAMETER = 87;

  /** {@code NTE_BAD_KEY_STATE}: the account's key is of another time or another computer. */
  private static final int BAD_KEY_STATE = 0x8009000B;

  /** {@code typedef struct { DWORD cbData; BYTE *pbData; } DATA_BLOB}, the pointer aligned. */
  private static final int POINTER = Native.POINTER_SIZE;

  private final NativeLibrary crypt32;
  private final NativeLibrary kernel32;

  /** The libraries of this Windows. */
  public Dpapi() {
    crypt32 = NativeLibrary.getInstance("crypt32");
    kernel32 = NativeLibrary.getInstance("kernel32");
  }

  @Override
  public byte[] seal(byte[] clear, byte[] bound) {
    byte[] sealed = call("CryptProtectData", clear, bound);
    if (sealed == null) {
      throw refused("Windows cannot seal the key of this machine's secrets");
    }
    return sealed;
  }

  @Override
  public Optional<byte[]> open(byte[] sealed, byte[] bound) {
    byte[] clear = call("CryptUnprotectData", sealed, bound);
    if (clear == null
        && switch (Native.getLastError()) {
          case INVALID_DATA, INVALID_PARAMETER, BAD_KEY_STATE -> false;
          default -> true;
        }) {
      throw refused("Windows cannot open the key of this machine's secrets");
    }
    return Optional.ofNullable(clear);
  }

  private static Failure refused(String what) {
    return Failure.of(FailureCode.KEYRING_ABSENT, what)
        .because("Its data protection failed with error %d".formatted(Native.getLastError()))
        .next(
            "Sign in with your own account, or choose who keeps the key instead: secrets.provider ="
                + " 'passphrase' or 'keyfile'.");
  }

  /** Both functions take the same seven arguments; null when the function says it failed. */
  private byte @Nullable [] call(String function, byte[] in, byte[] bound) {
    try (Memory data = memory(in);
        Memory entropy = memory(bound);
        Memory input = blob(data, in.length);
        Memory binding = blob(entropy, bound.length);
        Memory output = new Memory(2L * POINTER)) {
      output.clear();
      Object[] arguments = {input, null, binding, null, null, WITHOUT_QUESTIONS, output};
      int done = crypt32.getFunction(function).invokeInt(arguments);
      data.clear();
      return done == 0 ? null : taken(output);
    }
  }

  /** Copies what Windows allocated, wipes it, and gives it back. */
  private byte[] taken(Memory output) {
    Pointer bytes = output.getPointer(POINTER);
    int length = output.getInt(0);
    try {
      return bytes.getByteArray(0, length);
    } finally {
      bytes.clear(length);
      kernel32.getFunction("LocalFree").invokePointer(new Object[] {bytes});
    }
  }

  private static Memory memory(byte[] content) {
    Memory memory = new Memory(Math.max(1, content.length));
    memory.write(0, content, 0, content.length);
    return memory;
  }

  private static Memory blob(Memory data, int length) {
    Memory blob = new Memory(2L * POINTER);
    blob.clear();
    blob.setInt(0, length);
    blob.setPointer(POINTER, data);
    return blob;
  }
}
