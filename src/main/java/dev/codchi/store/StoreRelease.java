package dev.codchi.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codchi.driver.Person;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.files.FullDisk;
import dev.codchi.files.JsonText;
import dev.codchi.files.WholeFile;
import dev.codchi.progress.Progress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * The content of an official Nix binary tarball, laid out as the beginning of a store. The tarball
 * holds one directory with {@code store/} (paths), {@code .reginfo} (what {@code nix-store
 * --register-validity} reads) and an installer that codchi does not need; see the Nix manual,
 * "Installing from a Binary", and {@code binary-tarball.nix} in the Nix sources.
 *
 * @param nix store path of nix itself
 * @param shell interpreter for the store's first process: {@code bash} or a {@code busybox}, from
 *     the tarball's own paths
 */
record StoreRelease(String nix, String shell) {
  private static final String MARKER = ".release";
  private static final String REGISTRATION = ".reginfo";

  /** The release that was unpacked before, if unpacking was completed. */
  static Optional<StoreRelease> unpacked(Path nixDirectory) {
    return WholeFile.read(nixDirectory.resolve(MARKER))
        .map(content -> {
          try {
            JsonNode json = JsonText.MAPPER.readTree(content);
            return new StoreRelease(json.path("nix").asText(), json.path("shell").asText());
          } catch (IOException e) {
            throw Failure.of(
                    FailureCode.STORE_ARCHIVE,
                    "the file " + nixDirectory.resolve(MARKER) + " is damaged")
                .because(e.toString())
                .causedBy(e);
          }
        });
  }

  /**
   * Unpacks a tarball into an empty store directory. What an interrupted run left is removed first;
   * nothing counts as unpacked before everything is.
   *
   * @throws Failure {@code STORE_ARCHIVE} when it is not a Nix binary tarball; {@code DISK_FULL}
   */
  static StoreRelease unpack(Path tarball, Path nixDirectory, Person person, Progress progress) {
    try (Progress.Step step = progress.begin("Unpacking nix")) {
      Unpacking unpacking = new Unpacking(nixDirectory, person, step);
      unpacking.clear();
      try (InputStream in = new BufferedInputStream(Files.newInputStream(tarball));
          TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          if (Thread.currentThread().isInterrupted()) {
            throw Failure.of(FailureCode.INTERRUPTED, "unpacking nix was interrupted");
          }
          unpacking.add(entry, tar);
        }
      }
      StoreRelease release = unpacking.release();
      ObjectNode json =
          JsonText.MAPPER.createObjectNode().put("nix", release.nix).put("shell", release.shell);
      WholeFile.write(nixDirectory.resolve(MARKER), json.toPrettyString(), 0644);
      return release;
    } catch (IOException e) {
      FailureCode code = FullDisk.isMeantBy(e) ? FailureCode.DISK_FULL : FailureCode.STORE_ARCHIVE;
      throw Failure.of(code, "cannot unpack " + tarball).because(e.toString()).causedBy(e);
    }
  }

  /**
   * One run of unpacking; remembers what it made so that nothing is ever written through a link.
   */
  private static final class Unpacking {
    private final Path nixDirectory;
    private final Person person;
    private final Progress.Step step;
    private final Set<Path> made = new HashSet<>();
    private @Nullable String nix;
    private @Nullable String bash;
    private @Nullable String otherShell;
    private int files;

    Unpacking(Path nixDirectory, Person person, Progress.Step step) {
      this.nixDirectory = nixDirectory;
      this.person = person;
      this.step = step;
    }

    void clear() throws IOException {
      Path store = nixDirectory.resolve("store");
      if (Files.exists(store)) {
        Files.walkFileTree(store, new Removal());
      }
      Files.createDirectories(store);
      person.own(store);
      made.add(store);
    }

    void add(TarArchiveEntry entry, InputStream content) throws IOException {
      String name = entry.getName();
      int top = name.indexOf('/');
      String inner = top < 0 ? "" : name.substring(top + 1);
      if (inner.equals(REGISTRATION)) {
        WholeFile.write(nixDirectory.resolve(REGISTRATION), content.readAllBytes(), 0644);
        person.own(nixDirectory.resolve(REGISTRATION));
        return;
      }
      if (!inner.startsWith("store/") || inner.equals("store/")) {
        return;
      }
      Path target = nixDirectory.resolve(inner).normalize();
      if (!target.startsWith(nixDirectory.resolve("store")) || !made.contains(target.getParent())) {
        throw new IOException("the entry '" + name + "' is not inside a directory of the archive");
      }
      write(entry, content, target);
      person.own(target);
      remember(inner);
      if (++files % 200 == 0) {
        step.update(files + " files");
      }
    }

    private void write(TarArchiveEntry entry, InputStream content, Path target) throws IOException {
      if (entry.isDirectory()) {
        Files.createDirectory(target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        made.add(target);
      } else if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else if (entry.isLink()) {
        String link = entry.getLinkName();
        Path existing = nixDirectory.resolve(link.substring(link.indexOf('/') + 1)).normalize();
        if (!existing.startsWith(nixDirectory.resolve("store"))
            || !Files.isRegularFile(existing, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(
              "the hard link '" + entry.getName() + "' leads outside of the archive");
        }
        Files.createLink(target, existing);
      } else if (entry.isFile()) {
        Files.copy(content, target);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(
            target, PosixFilePermissions.fromString(executable ? "r-xr-xr-x" : "r--r--r--"));
      } else {
        throw new IOException(
            "the entry '" + entry.getName() + "' is neither file, directory nor link");
      }
    }

    private void remember(String inner) {
      String path = "/nix/" + inner;
      if (path.matches("/nix/store/[^/]+/bin/nix-daemon")) {
        nix = path.substring(0, path.length() - "/bin/nix-daemon".length());
      } else if (path.matches("/nix/store/[^/]+/bin/bash")) {
        bash = path;
      } else if (path.matches("/nix/store/[^/]+/bin/(sh|ash)")) {
        otherShell = path;
      }
    }

    StoreRelease release() throws IOException {
      String shell = bash == null ? otherShell : bash;
      if (nix == null || shell == null || !Files.exists(nixDirectory.resolve(REGISTRATION))) {
        throw new IOException(
            "it holds no %s"
                .formatted(nix == null ? "nix-daemon" : shell == null ? "shell" : REGISTRATION));
      }
      return new StoreRelease(nix, shell);
    }
  }

  /** Removes a tree, read-only directories included. */
  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      if (failed != null) {
        throw failed;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }

  /** The program that runs first in the store, as a script for {@link #shell}. */
  byte[] init() {
    return """
    #!%1$s
    # The first process of codchi's store: registers what the release brought, then runs the nix daemon.
    exec >>/data/log/store.log 2>&1
    export PATH=%2$s/bin HOME=/root USER=root NIX_SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt
    if ! [ -e /nix/.registered ]; then
      echo 'codchi: registering the nix release'
      # The option makes nix take over /nix/store itself; registering takes over every path in it.
      nix-store --option build-users-group root --register-validity --hash-given --reregister </nix/.reginfo || exit 1
      nix-env --profile /nix/var/nix/profiles/default --set %2$s || exit 1
      : >/nix/.registered
    fi
    start() {
      echo 'codchi: starting the nix daemon'
      (
        if [ -r /data/store/proxy ]; then . /data/store/proxy; fi
        exec nix-daemon
      ) &
      daemon=$!
      echo $daemon >/run/nix-daemon.pid
    }
    trap 'exit 0' TERM INT PWR
    # Other proxies: connections that are open keep theirs.
    trap 'kill $daemon; wait $daemon; start' HUP
    start
    while :; do
      current=$daemon
      wait $current
      status=$?
      [ $current != $daemon ] || exit $status
    done
    """
        .formatted(shell, nix)
        .getBytes(StandardCharsets.UTF_8);
  }
}
