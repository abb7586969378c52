package dev.codchi.hostintegration.usb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.UsbDevice;
import dev.codchi.failure.Failure;
import dev.codchi.hostintegration.RememberedList;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tree of files stands in for the kernel's list of devices. */
class UsbTest {
  @TempDir Path directory;
  private UsbPort port;
  private UsbCapability capability;
  private MachineSide machine;

  @BeforeEach
  void plugIn() throws IOException {
    device("usb1", Map.of("idVendor", "1d6b", "idProduct", "0002", "bDeviceClass", "09"));
    device("1-1", Map.of("idVendor", "05e3", "idProduct", "0608", "bDeviceClass", "09"));
    device(
        "1-1.2",
        Map.of(
            "idVendor",
            "1050",
            "idProduct",
            "0407",
            "serial",
            "0001",
            "manufacturer",
            "Yubico",
            "product",
            "Key\u001b[31m",
            "busnum",
            "1",
            "devnum",
            "4",
            "bDeviceClass",
            "00"));
    device(
        "1-1.3",
        Map.of(
            "idVendor",
            "1050",
            "idProduct",
            "0407",
            "serial",
            "0002",
            "busnum",
            "1",
            "devnum",
            "15",
            "bDeviceClass",
            "00"));
    device("1-1.2:1.0", Map.of("bInterfaceClass", "03"));
    device("2-1", Map.of("idVendor", "abcd"));
    port = new UsbPort(directory.resolve("sys"));
    capability = new UsbCapability(port);
    machine =
        new MachineSide("web", directory.resolve("capabilities.json"), directory.resolve("host"));
  }

  private void device(String name, Map<String, String> attributes) throws IOException {
    Path path = Files.createDirectories(directory.resolve("sys").resolve(name));
    for (Map.Entry<String, String> each : attributes.entrySet()) {
      Files.writeString(path.resolve(each.getKey()), each.getValue() + "\n");
    }
  }

  @Test
  void devices_are_listed_without_hubs_and_interfaces() {
    assertThat(port.devices())
        .extracting(device -> device.rule().toString())
        .containsExactly("1050:0407:0001", "1050:0407:0002");
    assertThat(port.devices().getFirst().node()).isEqualTo(Path.of("/dev/bus/usb/001/004"));
    assertThat(port.devices().getFirst().description()).isEqualTo("Yubico Key[31m");
    assertThat(capability.offer()).isEqualTo(new Offer.Available("2 devices"));
    assertThat(new UsbPort(directory.resolve("none")).devices()).isEmpty();
    assertThat(new UsbCapability(new UsbPort(directory.resolve("none"))).offer())
        .isInstanceOf(Offer.Absent.class);
  }

  @Test
  void a_kind_is_left_to_the_daemon_and_a_serial_number_is_looked_up() {
    RememberedList.of(machine, "usb").write(List.of("0483:374b", "1050:0407:0002"));
    assertThat(capability.attach(machine))
        .containsExactly(
            new Attachment.Plugged(new UsbDevice("usb-0483-374b", "0483", "374b")),
            new Attachment.Plugged(
                new CharacterDevice("usb-001-015", Path.of("/dev/bus/usb/001/015"), 100)));
  }

  @Test
  void unplugging_and_plugging_in_is_noticed() throws IOException {
    RememberedList.of(machine, "usb").write(List.of("1050:0407:0002"));
    String before = capability.state(machine);
    Files.writeString(directory.resolve("sys/1-1.3/devnum"), "16\n");
    assertThat(capability.state(machine)).isNotEqualTo(before);
    Files.delete(directory.resolve("sys/1-1.3/busnum"));
    assertThat(capability.attach(machine)).isEmpty();
  }

  @Test
  void rules_read_what_they_print() {
    assertThat(UsbRule.parse("1050:AbCd:S/N-1:2").toString()).isEqualTo("1050:abcd:S/N-1:2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1050", "1050:", "1050:40", "10500:4070", "1050:0407:", "1050:0407:a b"})
  void what_is_no_rule_is_refused(String text) {
    assertThatThrownBy(() -> UsbRule.parse(text)).isInstanceOf(Failure.class);
  }
}
