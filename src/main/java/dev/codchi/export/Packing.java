package dev.codchi.export;

import dev.codchi.machines.RestingMachine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** Packs what is written, with a program of the store that runs in a machine's container. */
final class Packing {
  private Packing() {}

  /** Writes an archive. */
  @FunctionalInterface
  interface Work<T> {
    /** Writes everything; need not flush. */
    T write(BlockOutput output) throws IOException;
  }

  /**
   * Writes an archive to a target, packed.
   *
   * @throws dev.codchi.failure.Failure {@code EXPORT_UNREADABLE} when the program fails
   */
  static <T> T into(
      RestingMachine resting, Compression compression, WritableByteChannel target, Work<T> work)
      throws IOException {
    Optional<String> program = compression.program();
    if (program.isEmpty()) {
      return written(target, work);
    }
    RestingMachine.Program packer = resting.start(program.get(), compression.packing(), true, true);
    try (Copy copy = Copy.of(packer::output, target, packer::input)) {
      T result;
      try (FileChannel into = copy.input()) {
        result = written(into, work);
      } catch (IOException e) {
        throw reason(e, copy);
      }
      copy.await();
      MachineTree.refuseStatus(packer, program.get(), 0);
      return result;
    }
  }

  /** A program that nobody reads from ends, and then it takes nothing more either. */
  private static IOException reason(IOException written, Copy copy) {
    Optional<IOException> failed = copy.failed();
    failed.ifPresent(first -> first.addSuppressed(written));
    return failed.orElse(written);
  }

  private static <T> T written(WritableByteChannel target, Work<T> work) throws IOException {
    BlockOutput output = new BlockOutput(target);
    T result = work.write(output);
    output.flush();
    return result;
  }
}
