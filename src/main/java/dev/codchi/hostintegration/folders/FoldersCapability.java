package dev.codchi.hostintegration.folders;

import dev.codchi.driver.Mount;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Folders that a person shared with a machine; naming them is the consent. */
@ApplicationScoped
class FoldersCapability implements Capability {
  /** Its name, and that of the list of folders. */
  static final String NAME = "folders";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String purpose() {
    return "use the folders that you share with it";
  }

  @Override
  public Consent consent() {
    return Consent.ON_REQUEST;
  }

  @Override
  public Offer offer() {
    return new Offer.Available("those that you name");
  }

  /** The folders that are shared with a machine. */
  static List<SharedFolder> folders(MachineSide machine) {
    return RememberedList.of(machine, NAME).read().stream().map(SharedFolder::of).toList();
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    List<Attachment> all = new ArrayList<>();
    for (SharedFolder folder : folders(machine)) {
      if (folder.present()) {
        String name = "folder-" + Integer.toHexString(folder.path().toString().hashCode());
        all.add(
            new Attachment.Plugged(
                new Mount(name, folder.path(), folder.target(), folder.readOnly())));
      }
    }
    return all;
  }

  @Override
  public String state(MachineSide machine) {
    StringBuilder state = new StringBuilder();
    folders(machine)
        .forEach(folder ->
            state.append(folder.present() ? '+' : '-').append(folder.written()).append('\n'));
    return state.toString();
  }
}
