package dev.codchi.hostintegration.folders;

import dev.codchi.driver.Mount;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Folders that a person shared with a machine; naming them is the consent. */
@ApplicationScoped
class FoldersCapability implements Capability {
  /** Its name, and that of the list of folders. */
  static final String NAME = "folders";

  private static final int DIGEST_BYTES = 8;

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
        all.add(
            new Attachment.Plugged(
                new Mount(
                    device(folder.path()), folder.path(), folder.target(), folder.readOnly())));
      }
    }
    return all;
  }

  /** Of a length that backends take, and another for each folder. */
  private static String device(Path folder) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(folder.toString().getBytes(StandardCharsets.UTF_8));
      return "folder-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
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
