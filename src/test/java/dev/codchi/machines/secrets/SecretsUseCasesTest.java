package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SecretsUseCasesTest {
  private static final SecretId USER = SecretId.env("DB_USER");
  private static final SecretId KEY = SecretId.file("tls.key");

  @TempDir Path directory;

  private final ExternalValues nothing =
      new ExternalValues(List::of, Duration.ZERO, new KnownValues());
  private Vaults vaults;
  private VaultLocation web;
  private SetSecret set;
  private ReadSecret read;

  @BeforeEach
  void open() {
    vaults = SettingProcess.vaults(directory);
    web = SettingProcess.location(directory);
    set = new SetSecret(vaults);
    read = new ReadSecret(vaults, nothing);
  }

  private static SecretDeclaration declared(SecretId id, boolean required) {
    return new SecretDeclaration(
        id,
        "What\n  for",
        required,
        new SecretDeclaration.InVariable("CODCHI_" + id.name(), "/run/x"),
        Optional.empty());
  }

  private static String text(SecretValue value) {
    try (value) {
      return new String(value.bytes(), StandardCharsets.UTF_8);
    }
  }

  private static FailureCode failureOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call).code();
  }

  @Test
  void setsReadsListsAndUnsets() throws IOException {
    set.set(web, USER, SecretValue.ofText("alice"));
    set.set(web, USER, SecretValue.ofText("bob"));

    assertThat(text(read.read(web, USER))).isEqualTo("bob");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(web.file())))
        .isEqualTo("rw-------");
    List<SecretStatus> all =
        new ListSecrets(vaults).list(web, List.of(declared(SecretId.env("OTHER"), true)));
    assertThat(all).extracting(status -> status.id().name()).containsExactly("OTHER", "DB_USER");
    assertThat(all).extracting(SecretStatus::isMissing).containsExactly(true, false);
    assertThat(all).extracting(SecretStatus::isSet).containsExactly(false, true);

    new UnsetSecret(vaults).unset(web, USER);
    assertThat(failureOf(() -> new UnsetSecret(vaults).unset(web, USER)))
        .isEqualTo(FailureCode.NO_SUCH_SECRET);
    assertThat(failureOf(() -> read.read(web, USER))).isEqualTo(FailureCode.NO_SUCH_SECRET);
  }

  @Test
  void readsNothingFromAMachineWithoutAVaultAndMakesNone() {
    assertThat(read.find(web, USER)).isEmpty();
    assertThat(new ListSecrets(vaults).list(web, List.of())).isEmpty();
    assertThat(vaults.rotate(web)).isFalse();
    assertThat(web.file()).doesNotExist();
    assertThat(directory.resolve("secrets.key")).doesNotExist();
  }

  @Test
  void twoProcessesThatSetAtOnceLoseNothing() throws Exception {
    Process first = SettingProcess.start(directory, "FIRST_", 30);
    Process second = SettingProcess.start(directory, "SECOND_", 30);
    for (Process each : List.of(first, second)) {
      each.getOutputStream().write('\n');
      each.getOutputStream().flush();
    }
    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();

    assertThat(vaults.peek(web).orElseThrow().ids()).hasSize(60);
    for (String name : List.of("FIRST_0", "FIRST_29", "SECOND_0", "SECOND_29")) {
      assertThat(text(read.read(web, SecretId.env(name)))).isEqualTo("value of " + name);
    }
  }

  @Test
  void aFailedChangeLeavesTheVaultAsItWas() throws IOException {
    set.set(web, USER, SecretValue.ofText("alice"));
    byte[] before = Files.readAllBytes(web.file());

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            vaults.change(
                web,
                "fail",
                vault -> {
                  vault.unset(USER);
                  throw new IllegalStateException("on purpose");
                }));
    assertThat(failureOf(() -> set.set(web, USER, SecretValue.owning(new byte[] {0}))))
        .isEqualTo(FailureCode.SECRET_VALUE);

    assertThat(Files.readAllBytes(web.file())).isEqualTo(before);
  }

  @Test
  void copiesForAnotherMachineAndDeletes() {
    VaultLocation db =
        new VaultLocation("db", directory.resolve("db.vault"), directory.resolve("lock/db"));
    MoveSecrets move = new MoveSecrets(vaults);
    assertThat(move.copy(web, db)).isFalse();
    set.set(web, USER, SecretValue.ofText("alice"));

    assertThat(move.copy(web, db)).isTrue();
    move.delete(web);
    move.delete(web);

    assertThat(web.file()).doesNotExist();
    assertThat(text(read.read(db, USER))).isEqualTo("alice");
    VaultLocation stolen = new VaultLocation("web", db.file(), web.lock());
    assertThat(failureOf(() -> read.read(stolen, USER))).isEqualTo(FailureCode.VAULT_FOREIGN);
  }

  @Test
  void rotatesTheDataKeyAndKeepsTheValues() throws IOException {
    set.set(web, USER, SecretValue.ofText("alice"));
    byte[] wrapped = vaults.peek(web).orElseThrow().wrappedKey();

    assertThat(new RotateSecrets(vaults).rotate(web)).isTrue();

    assertThat(vaults.peek(web).orElseThrow().wrappedKey()).isNotEqualTo(wrapped);
    assertThat(text(read.read(web, USER))).isEqualTo("alice");
  }

  @Test
  void namesEverythingThatIsMissingWithTheCommandsThatSetIt() {
    set.set(web, USER, SecretValue.ofText("alice"));
    CollectSecrets collect = new CollectSecrets(vaults, nothing);
    List<SecretDeclaration> declarations =
        List.of(
            declared(USER, true),
            declared(SecretId.env("A"), true),
            declared(KEY, true),
            declared(SecretId.env("MAYBE"), false));

    for (Runnable each :
        List.<Runnable>of(
            () -> collect.requireComplete(web, declarations),
            () -> collect.collect(web, declarations).close())) {
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(each::run)
          .satisfies(failure -> {
            assertThat(failure.code()).isEqualTo(FailureCode.SECRETS_MISSING);
            assertThat(failure.what())
                .contains("env A: What for")
                .contains("file tls.key")
                .doesNotContain("DB_USER")
                .doesNotContain("MAYBE");
            assertThat(failure.nextStep())
                .contains("codchi secrets set web A --kind env\n")
                .contains("codchi secrets set web tls.key --kind file");
          });
    }
  }

  @Test
  void collectsWhatIsThereAndMakesWhatHasAGenerator() {
    set.set(web, USER, SecretValue.ofText("alice"));
    CollectSecrets collect = new CollectSecrets(vaults, nothing);
    SecretDeclaration made =
        new SecretDeclaration(
            SecretId.env("MADE"),
            "",
            true,
            new SecretDeclaration.InVariable("CODCHI_MADE", "/run/x"),
            Optional.of(new SecretGenerator(SecretGenerator.Format.HEX, 32)));
    List<SecretDeclaration> declarations =
        List.of(declared(SecretId.env("MAYBE"), false), declared(USER, true), made);
    collect.requireComplete(web, declarations);

    assertThat(collect.generate(web, declarations)).containsExactly(made.id());
    String first = text(read.read(web, made.id()));
    assertThat(collect.generate(web, declarations)).isEmpty();

    try (CollectedSecrets collected = collect.collect(web, declarations)) {
      assertThat(collected.values()).containsOnlyKeys(USER, made.id());
      assertThat(collected.values()).containsEntry(made.id(), SecretValue.ofText(first));
      assertThat(first).matches("[0-9a-f]{32}");
    }
  }

  @Test
  void whatTheVaultLacksIsAskedOfTheProgram() {
    ExternalValues program =
        new ExternalValues(
            () -> List.of("echo", "{machine}", "{name}"),
            Duration.ofSeconds(30),
            new KnownValues());
    ReadSecret reading = new ReadSecret(vaults, program);
    set.set(web, USER, SecretValue.ofText("alice"));

    assertThat(text(reading.read(web, USER))).isEqualTo("alice");
    assertThat(text(reading.read(web, SecretId.env("OTHER")))).isEqualTo("web OTHER");
    assertThat(text(reading.read(web, KEY))).isEqualTo("web tls.key\n");
    assertThat(reading.find(web, SecretId.token("github.com"))).isEmpty();
    try (CollectedSecrets collected =
        new CollectSecrets(vaults, program)
            .collect(web, List.of(declared(USER, true), declared(SecretId.env("B"), true)))) {
      assertThat(collected.values()).containsKeys(USER, SecretId.env("B"));
    }
  }

  @Test
  void aProgramThatFailsIsReportedWithItsOwnWordsAndNoShellReadsItsArguments() {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                new ExternalValues(
                        () -> List.of("ls", "/nonexistent/$(id)/{name}"),
                        Duration.ofSeconds(30),
                        new KnownValues())
                    .read("web", USER));

    assertThat(failure.code()).isEqualTo(FailureCode.SECRETS_COMMAND);
    assertThat(failure.why()).contains("status 2").contains("$(id)");
    assertThat(
            failureOf(() ->
                new ExternalValues(
                        () -> List.of("/nonexistent"), Duration.ofSeconds(1), new KnownValues())
                    .read("web", USER)))
        .isEqualTo(FailureCode.SECRETS_COMMAND);
  }

  @Test
  void aProgramThatHangsIsEnded() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() ->
            new ExternalValues(
                    () -> List.of("sleep", "300"), Duration.ofMillis(200), new KnownValues())
                .read("web", USER))
        .satisfies(failure -> assertThat(failure.why()).contains("longer than"));
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
        .allMatch(child -> !child.info().commandLine().orElse("").contains("sleep 300"));
  }

  @Test
  void exportsAndImportsTheVeryBytes() {
    byte[] binary = {0, 1, (byte) 0xff, '\n'};
    set.set(web, SecretId.env("NASTY"), SecretValue.ofText("it's \"$(x)\" \\ \n# no comment "));
    set.set(web, SecretId.env("BYTES"), SecretValue.owning(new byte[] {(byte) 0xff, '\''}));
    set.set(web, KEY, SecretValue.copyOf(binary));
    set.set(web, SecretId.token("github.com"), SecretValue.ofText("ghp_1"));
    ExportSecrets export = new ExportSecrets(vaults);
    ImportSecrets importing = new ImportSecrets(set);
    VaultLocation other =
        new VaultLocation("other", directory.resolve("o.vault"), directory.resolve("lock/o"));

    ExportSecrets.Exported json = export.export(web, TransferFormat.JSON);
    assertThat(json.left()).isEmpty();
    assertThat(importing.importAll(other, json.content(), TransferFormat.JSON)).hasSize(4);
    for (SecretId id : vaults.peek(web).orElseThrow().ids()) {
      assertThat(read.read(other, id)).isEqualTo(read.read(web, id));
    }

    new MoveSecrets(vaults).delete(other);
    ExportSecrets.Exported dotenv = export.export(web, TransferFormat.DOTENV);
    assertThat(dotenv.left()).containsExactly(KEY, SecretId.token("github.com"));
    assertThat(importing.importAll(other, dotenv.content(), TransferFormat.DOTENV)).hasSize(2);
    for (String name : List.of("NASTY", "BYTES")) {
      assertThat(read.read(other, SecretId.env(name)))
          .isEqualTo(read.read(web, SecretId.env(name)));
    }
  }

  @Test
  void importsWhatOtherProgramsWrite() {
    String dotenv =
        """
        # comment
        export A=plain   # said here
        B = "two\\nlines $HOME"
        C='single \\n'
        D=
        E=a#b
        F="multi
        line"
        """;
    new ImportSecrets(set)
        .importAll(web, dotenv.getBytes(StandardCharsets.UTF_8), TransferFormat.DOTENV);

    assertThat(text(read.read(web, SecretId.env("A")))).isEqualTo("plain");
    assertThat(text(read.read(web, SecretId.env("B")))).isEqualTo("two\nlines $HOME");
    assertThat(text(read.read(web, SecretId.env("C")))).isEqualTo("single \\n");
    assertThat(text(read.read(web, SecretId.env("D")))).isEmpty();
    assertThat(text(read.read(web, SecretId.env("E")))).isEqualTo("a#b");
    assertThat(text(read.read(web, SecretId.env("F")))).isEqualTo("multi\nline");
    new ImportSecrets(set)
        .importAll(web, "{\"A\":\"flat\"}".getBytes(StandardCharsets.UTF_8), TransferFormat.JSON);
    assertThat(text(read.read(web, SecretId.env("A")))).isEqualTo("flat");
  }

  @Test
  void aBadImportSetsNothingAndShowsNoValue() {
    for (String json :
        List.of(
            "{\"A\": \"canary\", \"B\": 7}",
            "{\"A\": \"canary\", \"A\": \"canary\"}",
            "{\"A\": \"canary",
            "[\"canary\"]",
            "{\"schema\": 9}",
            "canary")) {
      assertBadImport(json, TransferFormat.JSON);
    }
    for (String dotenv : List.of("A=canary\nB", "A='canary", "A=canary\nA=canary")) {
      assertBadImport(dotenv, TransferFormat.DOTENV);
    }
    assertThat(web.file()).doesNotExist();
  }

  private void assertBadImport(String content, TransferFormat format) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() ->
            new ImportSecrets(set).importAll(web, content.getBytes(StandardCharsets.UTF_8), format))
        .satisfies(failure -> {
          assertThat(failure.code()).isEqualTo(FailureCode.BAD_SECRETS_IMPORT);
          assertThat(failure.what() + failure.why() + failure.nextStep()).doesNotContain("canary");
        });
  }
}
