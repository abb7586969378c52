package dev.codchi.store;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import java.util.Map;

/**
 * Checksums of the Nix releases that codchi knows, as published beside them on the project's
 * release site.
 */
final class NixReleases {
  private static final Map<String, String> SHA256 =
      Map.of(
          "https://releases.nixos.org/nix/nix-2.35.2/nix-2.35.2-x86_64-linux.tar.xz",
          "0c3960a9792331a22081c3c7a5d8465db9b17c50b3acdf18587fa4c6f2cb1158",
          "https://releases.nixos.org/nix/nix-2.35.2/nix-2.35.2-aarch64-linux.tar.xz",
          "4d0302a2910f5eec1c33b8deef634f04899a75737e7001ec49908d003ae5efda");

  private NixReleases() {}

  /**
   * The checksum of a tarball that nobody configured one for.
   *
   * @throws Failure {@code BAD_SETTINGS} when the address is not a known one
   */
  static String sha256(String url) {
    String known = SHA256.get(url);
    if (known == null) {
      throw Failure.of(
              FailureCode.BAD_SETTINGS, "store.nix_url is set, but store.nix_sha256 is not")
          .next("Set store.nix_sha256 to the SHA-256 of " + url + ".");
    }
    return known;
  }
}
