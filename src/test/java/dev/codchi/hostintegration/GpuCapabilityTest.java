package dev.codchi.hostintegration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.Mount;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of files stand in for {@code /dev} and the host's libraries. */
class GpuCapabilityTest {
  @TempDir Path devices;
  @TempDir Path host;

  private void have(String... names) throws IOException {
    for (String name : names) {
      Path node = devices.resolve(name);
      Files.createDirectories(node.getParent());
      Files.createFile(node);
    }
  }

  private GpuCapability capability() {
    return new GpuCapability(
        devices, new NvidiaLibraries(List.of(host.resolve("usr/lib/multi"), host.resolve("run"))));
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

  private void library(String name) throws IOException {
    Path file = host.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
  }

  private void link(String name, String target) throws IOException {
    Path file = host.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(
        file, target.startsWith("/") ? Path.of(host + target) : Path.of(target));
  }

  private Attachment libraries(String directory) throws IOException {
    return new Attachment.Plugged(
        new Mount(
            "gpu-libraries",
            host.toRealPath().resolve(directory),
            "/var/lib/codchi/libraries",
            true));
  }

  private static Attachment linked(String name, String target) {
    return new Attachment.Link("nvidia/" + name, "/var/lib/codchi/libraries/" + target);
  }

  @Test
  void nvidias_libraries_of_the_host_are_given_with_its_devices_and_no_others() throws IOException {
    have("nvidia0", "nvidiactl");
    String before = capability().state(machine());
    library("usr/lib/multi/libcuda.so.550.54.14");
    link("usr/lib/multi/libcuda.so.1", "libcuda.so.550.54.14");
    library("usr/lib/multi/libnvidia-glcore.so.550.54.14");
    library("usr/lib/multi/libc.so.6");
    library("usr/lib/multi/libGLX_mesa.so.0");
    library("usr/lib/multi/libnvidia-ml.so.1/not-a-library");
    link("usr/lib/multi/libnvcuvid.so.1", "gone");
    assertThat(capability().attach(machine()))
        .containsExactly(
            plugged("gpu-nvidia0", "nvidia0"),
            plugged("gpu-nvidiactl", "nvidiactl"),
            libraries("usr/lib/multi"),
            linked("libcuda.so.1", "libcuda.so.550.54.14"),
            linked("libcuda.so.550.54.14", "libcuda.so.550.54.14"),
            linked("libnvidia-glcore.so.550.54.14", "libnvidia-glcore.so.550.54.14"));
    assertThat(capability().state(machine())).isNotEqualTo(before);
  }

  @Test
  void links_through_etc_are_followed_on_the_host() throws IOException {
    have("nvidiactl");
    library("usr/lib/multi/nvidia/current/libcuda.so.550.54.14");
    link(
        "etc/alternatives/glx--libcuda.so.1", "/usr/lib/multi/nvidia/current/libcuda.so.550.54.14");
    link("usr/lib/multi/libcuda.so.1", "/etc/alternatives/glx--libcuda.so.1");
    library("etc/libEGL_nvidia.so.0");
    link("usr/lib/multi/libEGL_nvidia.so.0", "/etc/libEGL_nvidia.so.0");
    assertThat(capability().attach(machine()))
        .containsExactly(
            plugged("gpu-nvidiactl", "nvidiactl"),
            libraries("usr/lib/multi"),
            linked("libcuda.so.1", "nvidia/current/libcuda.so.550.54.14"));
  }

  @Test
  void a_directory_of_links_stands_for_where_they_lead() throws IOException {
    have("nvidiactl");
    library("store/nvidia-x11/lib/libnvidia-ml.so.550.54.14");
    link("run/libnvidia-ml.so.1", "/store/nvidia-x11/lib/libnvidia-ml.so.550.54.14");
    assertThat(capability().attach(machine()))
        .containsExactly(
            plugged("gpu-nvidiactl", "nvidiactl"),
            libraries("store/nvidia-x11/lib"),
            linked("libnvidia-ml.so.1", "libnvidia-ml.so.550.54.14"));
  }

  @Test
  void another_version_of_the_libraries_is_noticed() throws IOException {
    have("nvidia0", "nvidiactl");
    String without = capability().state(machine());
    library("usr/lib/multi/libcuda.so.550.1");
    link("usr/lib/multi/libcuda.so.1", "libcuda.so.550.1");
    String before = capability().state(machine());
    assertThat(before).isNotEqualTo(without).isEqualTo(capability().state(machine()));

    library("usr/lib/multi/libcuda.so.560.1");
    Files.delete(host.resolve("usr/lib/multi/libcuda.so.1"));
    link("usr/lib/multi/libcuda.so.1", "libcuda.so.560.1");
    assertThat(capability().state(machine())).isNotEqualTo(before);
  }

  @Test
  void other_cards_get_no_libraries_of_the_host() throws IOException {
    have("dri/renderD128", "kfd");
    library("usr/lib/multi/libcuda.so.1");
    assertThat(capability().attach(machine())).hasSize(2);
    assertThat(capability().state(machine())).doesNotContain("libcuda");
  }
}
