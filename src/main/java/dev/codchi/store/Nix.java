package dev.codchi.store;

import dev.codchi.config.Setting;
import dev.codchi.config.Settings;
import dev.codchi.driver.Execution;
import dev.codchi.driver.Executor;
import dev.codchi.driver.HostIdentity;
import dev.codchi.files.ExclusiveLock;
import dev.codchi.progress.Progress;
import dev.codchi.redaction.KnownValues;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs nix in the store, for the person: nobody is a trusted user of the daemon. */
@ApplicationScoped
public class Nix {
  private static final List<String> LOGGING = List.of("--log-format", "internal-json", "-v");

  private final Settings settings;
  private final Store store;
  private final StoreRoots roots;
  private final Executor executor;
  private final KnownValues known;
  private final NixTree tree;

  /** Nix in this store. */
  Nix(Settings settings, Store store, StoreRoots roots, Executor executor, KnownValues known) {
    this.roots = roots;
    this.settings = settings;
    this.store = store;
    this.executor = executor;
    this.known = known;
    this.tree = new NixTree(settings.directories());
  }

  /** The machine driver's directory as the store sees it, laid out now if need be. */
  public String driver() {
    return tree.layOut();
  }

  /** Starts the store if need be, with git and what else nix calls. Idempotent. */
  public void prepare(Progress progress) {
    store.ensureRunning(progress);
    String driver = driver();
    String nixpkgs = settings.require(Setting.NIXPKGS);
    String fingerprint = driver + "\n" + nixpkgs + "\n" + StoreRoots.PROTECTION + "\n";
    if (store.toolsInstalled(fingerprint)) {
      return;
    }
    try (ExclusiveLock _ = store.lockTools(progress)) {
      if (!store.toolsInstalled(fingerprint)) {
        install(driver, nixpkgs, progress);
        store.toolsInstalledNow(fingerprint);
      }
    }
  }

  private void install(String driver, String nixpkgs, Progress progress) {
    try (Progress.Step _ = progress.begin("Installing the store's tools")) {
      String expression =
          "(builtins.getFlake \"path:%s\").lib.storeTools { nixpkgs = builtins.getFlake %s; system = \"%s\"; }"
              .formatted(driver, NixText.quote(nixpkgs), system());
      run(
          Identity.ROOT,
          List.of(
              "build",
              "--impure",
              "--no-link",
              "--profile",
              Store.TOOLS_PROFILE,
              "--expr",
              expression),
          NixAccess.none(),
          progress);
      roots.protect();
    }
  }

  /** What nix calls this computer, for example {@code x86_64-linux}. */
  public static String system() {
    String architecture = System.getProperty("os.arch", "");
    return (architecture.equals("aarch64") ? "aarch64" : "x86_64") + "-linux";
  }

  /** Runs nix for the person. */
  public String run(List<String> arguments, Progress progress) {
    return run(arguments, NixAccess.none(), progress);
  }

  /** Runs nix for the person, with access to private repositories. */
  public String run(List<String> arguments, NixAccess access, Progress progress) {
    return run(Identity.PERSON, arguments, access, progress);
  }

  /** Runs nix as the store's root, for what is not the person's: what all machines share. */
  String runAsRoot(List<String> arguments, Progress progress) {
    return run(Identity.ROOT, arguments, NixAccess.none(), progress);
  }

  /**
   * Runs nix and waits for it.
   *
   * @param arguments what follows {@code nix}
   * @return what it wrote to its standard output
   * @throws dev.codchi.failure.Failure {@code NIX_*} with nix's own words where it fails
   */
  private String run(
      Identity identity, List<String> arguments, NixAccess access, Progress progress) {
    List<String> command = new ArrayList<>();
    command.add(Store.NIX);
    command.addAll(arguments);
    command.addAll(LOGGING);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Path logFile = settings.directories().logs().resolve("nix.log");
    try (NixConversation conversation = new NixConversation(command, logFile, progress, known)) {
      int status = execute(identity, command, access, out, conversation);
      if (status != 0) {
        throw conversation.failure(status);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private int execute(
      Identity identity,
      List<String> command,
      NixAccess access,
      OutputStream out,
      OutputStream err) {
    Map<String, String> environment =
        new LinkedHashMap<>(
            identity == Identity.ROOT
                ? StoreSystem.rootEnvironment()
                : StoreSystem.personEnvironment());
    environment.putAll(access.environment());
    return executor.run(
        new Execution(
            store.containerName(),
            store.throughProxy(command),
            environment,
            identity == Identity.ROOT ? 0 : HostIdentity.INSIDE_UID,
            identity == Identity.ROOT ? 0 : HostIdentity.INSIDE_GID,
            "/",
            new Execution.Streams(null, out, err)));
  }

  private enum Identity {
    PERSON,
    ROOT
  }
}
