package dev.codchi.hostintegration.folders;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.AttachCapabilities;
import dev.codchi.machines.ChangeConsents;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.Machines;
import dev.codchi.progress.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Shares folders of the host with machines. */
@ApplicationScoped
public class ShareFolder {
  /**
   * A shared folder.
   *
   * @param folder which
   * @param present whether it is there
   */
  public record Entry(SharedFolder folder, boolean present) {}

  private final Machines machines;
  private final AttachCapabilities attachCapabilities;
  private final ChangeConsents changeConsents;

  ShareFolder(
      Machines machines, AttachCapabilities attachCapabilities, ChangeConsents changeConsents) {
    this.machines = machines;
    this.attachCapabilities = attachCapabilities;
    this.changeConsents = changeConsents;
  }

  /**
   * What is shared with a machine.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  public List<Entry> list(MachineName machine) {
    MachineName known = machines.require(machine).name();
    return FoldersCapability.folders(attachCapabilities.side(known)).stream()
        .map(folder -> new Entry(folder, folder.present()))
        .toList();
  }

  /**
   * Shares folders with a machine, which has them at once when it runs; one that is shared already
   * becomes read-only or writable. Idempotent.
   *
   * @throws Failure {@code NO_SUCH_MACHINE}
   */
  public void add(MachineName machine, List<SharedFolder> folders, Progress progress) {
    change(
        machine,
        all -> {
          for (SharedFolder added : folders) {
            all.removeIf(one -> one.path().equals(added.path()));
            all.add(added);
          }
        },
        progress);
  }

  /**
   * Takes a folder away from a machine.
   *
   * @param path absolute; need not exist any more
   * @throws Failure {@code NO_SUCH_MACHINE}; {@code NOT_ATTACHED} when it is not shared
   */
  public void remove(MachineName machine, Path path, Progress progress) {
    change(
        machine,
        all -> {
          if (!all.removeIf(one -> one.path().equals(path.toAbsolutePath().normalize()))) {
            throw Failure.of(FailureCode.NOT_ATTACHED, path + " is not shared with " + machine)
                .next("'codchi share list " + machine + "' shows what is.");
          }
        },
        progress);
  }

  private void change(MachineName machine, Consumer<List<SharedFolder>> change, Progress progress) {
    changeConsents.change(
        machine,
        FoldersCapability.NAME,
        side -> {
          List<SharedFolder> all = new ArrayList<>(FoldersCapability.folders(side));
          change.accept(all);
          RememberedList.of(side, FoldersCapability.NAME)
              .write(all.stream().map(SharedFolder::written).toList());
          return !all.isEmpty();
        },
        progress);
  }
}
