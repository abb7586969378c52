package dev.codchi.hostintegration.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.config.Settings;
import dev.codchi.config.TestSettings;
import dev.codchi.hostintegration.DesktopSession;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.machines.capabilities.MachineSide;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the git of this computer, and a helper that keeps its passwords in a file. */
class AnswerGitCredentialsTest {
  private static final MachineName WEB = MachineName.of("web");

  @TempDir Path home;
  private Settings settings;
  private Map<String, String> environment;
  private AnswerGitCredentials answers;

  @BeforeEach
  void git() throws IOException {
    settings = TestSettings.in(home);
    environment =
        Map.of(
            "PATH", System.getenv("PATH"),
            "HOME", home.toString(),
            "XDG_RUNTIME_DIR", home.toString(),
            "GIT_CONFIG_NOSYSTEM", "1",
            // Whatever is around codchi does not count.
            "GIT_CONFIG_COUNT", "1",
            "GIT_CONFIG_KEY_0", "credential.helper",
            "GIT_CONFIG_VALUE_0", "!echo password=wrong; :",
            "GIT_ASKPASS", "/bin/false");
    helper("store --file " + home.resolve("kept"));
    Files.writeString(
        home.resolve("kept"),
        "https://me:pass%0aword=1@github.com\nhttps://you:other@git.test%3a8443\n"
            + "http://me:plain@github.com\n");
    answers = answering(Duration.ofSeconds(10));
  }

  private void helper(String text) throws IOException {
    Files.writeString(home.resolve(".gitconfig"), "[credential]\n\thelper = \"" + text + "\"\n");
  }

  private AnswerGitCredentials answering(Duration limit) {
    return new AnswerGitCredentials(
        settings, new DesktopSession(environment), new HostGit(environment), limit);
  }

  private void allow(String... servers) {
    Consents.none()
        .with(GitCredentialsCapability.NAME, true, List.of(servers))
        .write(MachineSide.of(settings.directories(), WEB.value()));
  }

  private String ask(String question) {
    return told(answers, new ByteArrayInputStream(question.getBytes(UTF_8)));
  }

  private static String told(AnswerGitCredentials answers, InputStream input) {
    AnswerGitCredentials.Answer answer = answers.answer(WEB, input);
    String text = new String(answer.reply(), UTF_8) + "| " + answer.log();
    answer.close();
    assertThat(answer.reply()).containsOnly(new byte[answer.reply().length]);
    return text;
  }

  @Test
  void servers_that_were_named_are_answered_and_no_others() {
    allow("github.com", "git.test:8443");
    assertThat(ask("action=get\nprotocol=https\nhost=git.test:8443\n"))
        .isEqualTo("username=you\npassword=other\n| git in web asked for git.test:8443: answered");
    assertThat(ask("action=get\nprotocol=https\nhost=git.test:8443\nusername=you\n"))
        .contains("password=other");
    assertThat(ask("action=get\nprotocol=https\nhost=git.test:8443\nusername=she\n"))
        .isEqualTo("| git in web asked for git.test:8443: your git has no password");
    assertThat(ask("action=get\nprotocol=http\nhost=github.com\n"))
        .isEqualTo("| git in web asked for http://github.com: not allowed for this server");
    assertThat(ask("action=get\nprotocol=https\nhost=github.com\n"))
        .as("a password of two lines")
        .isEqualTo("| git in web asked for github.com: your git has no password");
    assertThat(ask("action=get\nprotocol=https\nhost=git.test\n"))
        .isEqualTo("| git in web asked for git.test: not allowed for this server");
  }

  @Test
  void a_no_counts_at_once() {
    String question = "action=get\nprotocol=https\nhost=git.test:8443\n";
    assertThat(ask(question)).isEqualTo("| git in web asked for git.test:8443: not allowed");
    allow("git.test:8443");
    assertThat(ask(question)).contains("answered");
    Consents.none()
        .with(GitCredentialsCapability.NAME, false)
        .write(MachineSide.of(settings.directories(), WEB.value()));
    assertThat(ask(question)).isEqualTo("| git in web asked for git.test:8443: not allowed");
  }

  @Test
  void nothing_is_changed_on_this_computer() throws IOException {
    allow("git.test:8443");
    String before = Files.readString(home.resolve("kept"));
    String what = "\nprotocol=https\nhost=git.test:8443\nusername=you\npassword=other\n";
    assertThat(ask("action=erase" + what)).isEqualTo("| git in web asked to erase: ignored");
    assertThat(ask("action=store" + what)).isEqualTo("| git in web asked to store: ignored");
    assertThat(home.resolve("kept")).hasContent(before);
  }

  @Test
  void codchi_does_not_ask_itself() throws IOException {
    allow("git.test:8443");
    helper("cache --socket " + QuestionSocket.directory(home).resolve("web"));
    assertThat(ask("action=get\nprotocol=https\nhost=git.test:8443\n"))
        .isEqualTo(
            "| git in web asked for git.test:8443: your git's helper is codchi's own socket");
  }

  @Test
  void of_an_answer_the_machine_is_told_what_it_needs() throws IOException {
    allow("github.com");
    helper(
        "!echo username=u; echo password=p; echo password_expiry_utc=9999999999;"
            + " echo oauth_refresh_token=r; echo other=x; :");
    assertThat(ask("action=get\nprotocol=https\nhost=github.com\n"))
        .startsWith("username=u\npassword=p\n")
        .doesNotContain("refresh", "other");
    helper("!echo username=u; :");
    assertThat(ask("action=get\nprotocol=https\nhost=github.com\n")).contains("no password");
    assertThat(HostGit.told("username=u\npassword=p\npassword_expiry_utc=9\nx=y\n".getBytes(UTF_8)))
        .asString(UTF_8)
        .isEqualTo("username=u\npassword=p\npassword_expiry_utc=9\n");
    assertThat(HostGit.told("password".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void whoever_does_not_come_to_an_end_is_not_waited_for() throws IOException {
    try (PipedOutputStream open = new PipedOutputStream();
        PipedInputStream silent = new PipedInputStream(open)) {
      assertThat(told(answering(Duration.ofMillis(50)), silent))
          .contains("without coming to an end");
    }
  }
}
