package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.driver.RootImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

class ImageArchiveTest {
  private static RootImage image(String first, String second) {
    Map<String, String> links = new LinkedHashMap<>();
    links.put(first, "/one");
    links.put(second, "/one");
    return new RootImage(
        "a machine",
        List.of(new RootImage.Directory("/etc", 0755), new RootImage.Directory("/tmp", 01777)),
        links);
  }

  @Test
  void the_same_image_has_the_same_fingerprint_whatever_the_order_of_its_links() {
    String one = ImageArchive.of(image("/sbin/a", "/sbin/b"), "x86_64").fingerprint();
    String other = ImageArchive.of(image("/sbin/b", "/sbin/a"), "x86_64").fingerprint();
    assertThat(one).isEqualTo(other).hasSize(64);
    assertThat(ImageArchive.of(image("/sbin/a", "/sbin/b"), "aarch64").fingerprint())
        .isNotEqualTo(one);
  }

  @Test
  void the_archive_holds_metadata_directories_and_links_of_root() throws IOException {
    byte[] content = ImageArchive.of(image("/sbin/a", "/sbin/b"), "x86_64").content();
    List<String> seen = new ArrayList<>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(content))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
        seen.add(
            Integer.toOctalString(entry.getMode() & 07777)
                + " "
                + entry.getName()
                + (entry.isSymbolicLink() ? " -> " + entry.getLinkName() : ""));
      }
    }
    assertThat(seen)
        .containsExactly(
            "644 metadata.yaml",
            "755 rootfs/",
            "755 rootfs/etc/",
            "1777 rootfs/tmp/",
            "777 rootfs/sbin/a -> /one",
            "777 rootfs/sbin/b -> /one");
  }
}
