package dev.codchi.hostintegration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree of files stands in for {@code /dev}. */
class GpuCapabilityTest {
  @TempDir Path devices;

  private void have(String... names) throws IOException {
    for (String name : names) {
      Path node = devices.resolve(name);
      Files.createDirectories(node.getParent());
      Files.createFile(node);
    }
  }

  private GpuCapability capability() {
    return new GpuCapability(devices);
  }

  private MachineSide machine() {
    return new MachineSide("web", devices.resolve("c"), devices.resolve("h"));
  }

  @Test
  void a_computer_without_a_card_gives_nothing() throws IOException {
    have("null", "nvram", "dri/by-path");
    assertThat(capability().offer()).isInstanceOf(Offer.Absent.class);
    assertThat(capability().attach(machine())).isEmpty();
  }

  @Test
  void the_kernels_devices_are_given() throws IOException {
    have("dri/card0", "dri/renderD128", "dri/controlD64", "kfd");
    assertThat(capability().offer()).isInstanceOf(Offer.Available.class);
    assertThat(capability().attach(machine()))
        .containsExactly(
            plugged("gpu-card0", "dri/card0"),
            plugged("gpu-renderd128", "dri/renderD128"),
            plugged("gpu-kfd", "kfd"));
  }

  private Attachment plugged(String name, String node) {
    return new Attachment.Plugged(new CharacterDevice(name, devices.resolve(node), 303));
  }

  @Test
  void nvidias_devices_are_given() throws IOException {
    String before = capability().state(machine());
    have("nvidia0", "nvidia1", "nvidia7", "nvidiactl", "nvidia-uvm");
    assertThat(capability().offer()).isInstanceOf(Offer.Available.class);
    assertThat(capability().attach(machine())).hasSize(4);
    assertThat(capability().state(machine())).isNotEqualTo(before);
  }

  @Test
  void a_card_without_a_driver_that_renders_is_told() throws IOException {
    have("dri/card0");
    assertThat(capability().offer()).isInstanceOf(Offer.Broken.class);
  }
}
