package dev.codchi.hostintegration;

import dev.codchi.driver.CharacterDevice;
import dev.codchi.driver.Mount;
import dev.codchi.machines.capabilities.Attachment;
import dev.codchi.machines.capabilities.Capability;
import dev.codchi.machines.capabilities.MachineSide;
import dev.codchi.machines.capabilities.Offer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Graphics cards: the kernel's render and display devices ({@code /dev/dri}), AMD's compute device,
 * and those of NVIDIA's own driver. The machine brings its libraries itself, except for NVIDIA's,
 * which have to be of the version of the host's kernel module ({@link NvidiaLibraries}).
 */
@ApplicationScoped
class GpuCapability implements Capability {
  private static final Pattern DIRECT = Pattern.compile("(renderD|card)\\d+");
  private static final Pattern RENDERS = Pattern.compile("(renderD|nvidia)\\d+");

  /** AMD's compute device, and what NVIDIA's cards share. */
  private static final List<String> OTHERS =
      List.of("kfd", "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset");

  /** The group {@code render} of NixOS ({@code nixos/modules/misc/ids.nix}). */
  private static final int RENDER = 303;

  /** Present as long as NVIDIA's kernel module is loaded and made its devices. */
  private static final String NVIDIA = "nvidiactl";

  /** Where a machine sees the host's directory that holds NVIDIA's libraries. */
  private static final String HOST_LIBRARIES = "/var/lib/codchi/libraries";

  /** Links to NVIDIA's libraries, and nothing else of that directory; gpu.nix knows the name. */
  private static final String LINKS = "nvidia/";

  private final Path devices;
  private final NvidiaLibraries libraries;

  /** Those of this computer. */
  @Inject
  GpuCapability() {
    this(Path.of("/dev"), NvidiaLibraries.ofThisComputer());
  }

  GpuCapability(Path devices, NvidiaLibraries libraries) {
    this.devices = devices;
    this.libraries = libraries;
  }

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public String purpose() {
    return "use your graphics card";
  }

  @Override
  public Consent consent() {
    return Consent.ASKED;
  }

  @Override
  public Offer offer() {
    List<Path> nodes = nodes();
    if (nodes.isEmpty()) {
      return new Offer.Absent("there is no graphics card with a driver");
    }
    boolean renders = nodes.stream().anyMatch(node -> matches(node, RENDERS));
    String found = String.join(", ", nodes.stream().map(Path::toString).toList());
    return renders
        ? new Offer.Available(found)
        : new Offer.Broken("no driver that renders, only " + found);
  }

  @Override
  public List<Attachment> attach(MachineSide machine) {
    List<Attachment> all = new ArrayList<>();
    for (Path node : nodes()) {
      all.add(
          new Attachment.Plugged(
              new CharacterDevice(
                  "gpu-" + node.getFileName().toString().toLowerCase(Locale.ROOT), node, RENDER)));
    }
    Optional.of(libraries)
        .filter(driver -> hasNvidia())
        .flatMap(NvidiaLibraries::find)
        .ifPresent(found -> {
          all.add(
              new Attachment.Plugged(
                  new Mount("gpu-libraries", found.directory(), HOST_LIBRARIES, true)));
          found
              .files()
              .forEach((name, file) ->
                  all.add(new Attachment.Link(LINKS + name, HOST_LIBRARIES + "/" + file)));
        });
    return all;
  }

  private boolean hasNvidia() {
    return Files.exists(devices.resolve(NVIDIA));
  }

  private List<Path> nodes() {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> children = Files.list(devices.resolve("dri"))) {
      children.filter(child -> matches(child, DIRECT)).forEach(found::add);
    } catch (IOException none) {
      // No card whose driver is the kernel's own.
    }
    for (int number = 0; Files.exists(devices.resolve("nvidia" + number)); number++) {
      found.add(devices.resolve("nvidia" + number));
    }
    OTHERS.stream().map(devices::resolve).filter(Files::exists).forEach(found::add);
    found.sort(null);
    return found;
  }

  private static boolean matches(Path node, Pattern names) {
    return names.matcher(node.getFileName().toString()).matches();
  }

  @Override
  public String state(MachineSide machine) {
    return hasNvidia() ? nodes() + " " + libraries.clue() : nodes().toString();
  }
}
