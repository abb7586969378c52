package dev.codchi.driver.lxd;

/** The daemon's images, of which codchi has one for all machines and one for the store. */
final class Images {
  private final LxdApi api;

  Images(LxdApi api) {
    this.api = api;
  }

  /**
   * Sees to it that the daemon has an image. Idempotent, also when several codchi processes do it
   * at the same time: the one that comes second is refused, in words that differ between daemons,
   * and finds the image there, which is what it wanted.
   */
  void ensure(ImageArchive image) {
    if (exists(image.fingerprint())) {
      return;
    }
    HttpRequest upload =
        HttpRequest.of("POST", "/1.0/images")
            .with("Content-Type", "application/octet-stream")
            .with("X-LXD-public", "0")
            .with("X-Incus-public", "0")
            .with("X-LXD-filename", "codchi.tar")
            .with("X-Incus-filename", "codchi.tar")
            .with(new HttpRequest.Bytes(image.content()));
    try {
      api.change(upload);
    } catch (LxdError error) {
      if (!exists(image.fingerprint())) {
        throw error.failure("The empty root image could not be given to the daemon");
      }
    }
  }

  /** Removes an image; a missing one is no failure. */
  void remove(String fingerprint) {
    try {
      api.change("DELETE", "/1.0/images/" + fingerprint, null);
    } catch (LxdError error) {
      if (!error.missing()) {
        throw error.failure("The image " + fingerprint + " could not be removed");
      }
    }
  }

  private boolean exists(String fingerprint) {
    try {
      api.get("/1.0/images/" + fingerprint);
      return true;
    } catch (LxdError error) {
      if (error.missing()) {
        return false;
      }
      throw error;
    }
  }
}
