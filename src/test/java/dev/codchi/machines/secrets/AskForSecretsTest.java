package dev.codchi.machines.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskForSecretsTest {
  private static final SecretId USER = SecretId.env("DB_USER");
  private static final SecretId KEY = SecretId.file("tls.key");

  /** A person who gives prepared answers, and refuses for want of one. */
  private static final class Person implements SecretPrompt {
    private final Map<SecretId, String> answers;
    private final List<SecretId> asked = new ArrayList<>();
    private boolean there = true;

    Person(Map<SecretId, String> answers) {
      this.answers = answers;
    }

    @Override
    public boolean isAnswered() {
      return there;
    }

    @Override
    public SecretValue ask(String machine, SecretDeclaration declaration) {
      asked.add(declaration.id());
      String answer = answers.get(declaration.id());
      if (answer == null) {
        throw Failure.of(FailureCode.REFUSED_BY_USER, "no answer");
      }
      return SecretValue.ofText(answer);
    }
  }

  @TempDir Path directory;
  private Vaults vaults;
  private VaultLocation web;
  private CollectSecrets collect;
  private List<SecretDeclaration> declarations;

  @BeforeEach
  void open() {
    vaults = SettingProcess.vaults(directory);
    web = SettingProcess.location(directory);
    collect =
        new CollectSecrets(vaults, new ExternalValues(List::of, Duration.ZERO, new KnownValues()));
    declarations =
        List.of(
            declared(USER, true, Optional.empty()),
            declared(KEY, true, Optional.empty()),
            declared(SecretId.env("MAYBE"), false, Optional.empty()),
            declared(
                SecretId.env("MADE"),
                true,
                Optional.of(new SecretGenerator(SecretGenerator.Format.HEX, 8))));
  }

  private static SecretDeclaration declared(
      SecretId id, boolean required, Optional<SecretGenerator> generator) {
    return new SecretDeclaration(
        id,
        "",
        required,
        new SecretDeclaration.InVariable("V_" + id.name().length(), "/run/x"),
        generator);
  }

  private AskForSecrets asking(Person person) {
    return new AskForSecrets(collect, new SetSecret(vaults), person);
  }

  private List<SecretId> kept() {
    return vaults.peek(web).map(SealedVault::ids).orElse(List.of());
  }

  @Test
  void asksForWhatIsMissingAndKeepsIt() {
    new SetSecret(vaults).set(web, USER, SecretValue.ofText("alice"));
    Person person = new Person(Map.of(KEY, "key"));

    asking(person).requireAll(web, declarations);

    assertThat(person.asked).containsExactly(KEY);
    try (SecretValue value =
        vaults.read(web, vault -> vault.get(KEY).orElseThrow()).orElseThrow()) {
      assertThat(new String(value.bytes(), StandardCharsets.UTF_8)).isEqualTo("key");
    }
    asking(person).requireAll(web, declarations);
    assertThat(person.asked).hasSize(1);
  }

  @Test
  void withoutAPersonEverythingMissingIsNamedAndNoVaultIsMade() {
    Person nobody = new Person(Map.of());
    nobody.there = false;

    Failure failure =
        catchThrowableOfType(Failure.class, () -> asking(nobody).requireAll(web, declarations));

    assertThat(failure.code()).isEqualTo(FailureCode.SECRETS_MISSING);
    assertThat(failure.nextStep())
        .contains("codchi secrets set web DB_USER --kind env")
        .contains("codchi secrets set web tls.key --kind file")
        .doesNotContain("MAYBE")
        .doesNotContain("MADE");
    assertThat(asking(nobody).ask(web, declarations))
        .extracting(SecretDeclaration::id)
        .containsExactly(USER, KEY);
    assertThat(web.file()).doesNotExist();
    assertThat(nobody.asked).isEmpty();
  }

  @Test
  void aRefusedOrUnfitAnswerKeepsNothing() {
    assertThat(
            catchThrowableOfType(
                    Failure.class,
                    () -> asking(new Person(Map.of(USER, "alice"))).requireAll(web, declarations))
                .code())
        .isEqualTo(FailureCode.REFUSED_BY_USER);
    Map<SecretId, String> unfit = Map.of(USER, "a\0b", KEY, "key");
    assertThat(
            catchThrowableOfType(
                    Failure.class, () -> asking(new Person(unfit)).requireAll(web, declarations))
                .code())
        .isEqualTo(FailureCode.SECRET_VALUE);
    assertThat(kept()).isEmpty();
  }

  @Test
  void aMachineWithoutSecretsAsksNothingAndNeedsNoKey() {
    asking(new Person(Map.of())).requireAll(web, List.of());
    assertThat(directory.resolve("secrets.key")).doesNotExist();
  }

  @Test
  void checkingFindsTheSameWithoutMakingAnything() {
    new SetSecret(vaults).set(web, USER, SecretValue.ofText("alice"));

    assertThat(new CheckSecrets(collect).missing(web, declarations))
        .extracting(SecretDeclaration::id)
        .containsExactly(KEY);
    assertThat(kept()).containsExactly(USER);
    try (CollectedSecrets available = collect.available(web, declarations)) {
      assertThat(available.values()).containsOnlyKeys(USER);
    }
  }
}
