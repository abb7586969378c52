package dev.codchi.driver;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The life of containers on this computer, in the words of codchi. Two adapters implement it;
 * callers ask {@link #features()} what is possible and never which adapter they have.
 *
 * <p>All methods block until the backend has finished and may be called from several threads.
 * Besides the failures named at each method, all of them report an unusable backend ({@code LXD_*}
 * codes).
 */
public interface Containers {
  /** What this backend can do, found out once; one backend call at most. */
  DriverFeatures features();

  /**
   * All containers whose name starts with the prefix. Exactly one backend call, whatever their
   * number; sorted by name.
   */
  List<Container> list(String prefix);

  /**
   * How much disk space the containers' own files take, in bytes, by the containers' names; without
   * their mounts. Containers whose storage pool does not count that are left out. Exactly one
   * backend call, whatever their number.
   */
  Map<String, Long> diskUsage(String prefix);

  /** The container of that name, or nothing. One backend call. */
  Optional<Container> find(String name);

  /**
   * Creates a stopped container. Not idempotent: fails with {@code CONTAINER_EXISTS} when the name
   * is taken. Leaves nothing behind when it fails. The shared image that the specification names is
   * made on first use. A first interruption is obeyed when the container is there.
   */
  void create(ContainerSpec spec);

  /**
   * Starts a container. Idempotent: a running container stays as it is. Fails with {@code
   * CONTAINER_START} and the container's own log when it does not start, with {@code LXD_SUBIDS}
   * when the host lacks the id mapping lines.
   */
  void start(String name);

  /**
   * Stops a container: an orderly shutdown first, by force when that takes longer than {@code
   * graceSeconds} (0: by force at once). Idempotent: a stopped or missing container is left as it
   * is.
   */
  void stop(String name, int graceSeconds);

  /**
   * Deletes a container, stopping it by force before. Idempotent: a missing container is no
   * failure.
   */
  void delete(String name);

  /**
   * Copies a container with the files of its root file system to a new, stopped one, sharing blocks
   * where the backend can ({@link DriverFeatures#copyOnWrite}). Mounts and labels are those of the
   * specification, all else is the original's; ids inside stay what they were. Not idempotent:
   * fails with {@code CONTAINER_EXISTS} when the name is taken. A running original is not stopped:
   * {@link #freeze} it for a copy of one moment. Fails with {@code CONTAINER_MISSING}.
   */
  void copy(String from, ContainerSpec to);

  /**
   * Gives a stopped container another name, and the mounts and labels of the specification. Takes
   * up what was interrupted: idempotent. Fails with {@code CONTAINER_BUSY} when it runs, with
   * {@code CONTAINER_MISSING} when there is a container of neither name.
   */
  void rename(String from, ContainerSpec to);

  /**
   * Waits until the backend has ended what it was doing with a container, of which it may not tell
   * yet that there is one, for whoever asked for it and was interrupted or killed.
   */
  void settle(String name);

  /** Halts all processes of a running container. Idempotent; a stopped one stays as it is. */
  void freeze(String name);

  /** Lets a frozen container go on. Idempotent; others, missing ones too, stay as they are. */
  void thaw(String name);

  /**
   * Makes a host directory visible in a container, running or not, from now on. A mount of that
   * name is replaced where it differs. Idempotent. Should the directory be gone when the container
   * starts, the container starts without it.
   */
  void attach(String name, Mount mount);

  /**
   * Makes these the devices that a container has from the host, running or not, besides those that
   * it was created with or that {@link #attach} gave it; earlier ones that are not among them go.
   * Idempotent: what is as it should be costs one backend call.
   */
  void equip(String name, List<Device> devices);

  /** Replaces the labels of a container; takes effect at once. */
  void label(String name, Map<String, String> labels);

  /**
   * The end of what the container's first process wrote to its console, for error messages; empty
   * when none.
   */
  String consoleLog(String name);

  /**
   * Addresses of the name servers that containers with a {@code PRECONFIGURED} network should ask;
   * empty when the backend has none of its own, then the host's are the ones to use.
   */
  List<String> nameservers();

  /**
   * Whether containers for this person could be made and started now. Changes nothing and fails
   * only where the backend is unusable as a whole.
   */
  List<Readiness> readiness(HostIdentity person);
}
