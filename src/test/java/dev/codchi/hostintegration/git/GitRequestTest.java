package dev.codchi.hostintegration.git;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitRequestTest {
  private static final String GET = "action=get\ntimeout=900\nprotocol=https\nhost=github.com\n";

  private static GitRequest read(String text) throws IOException {
    return GitRequest.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  private static String description(String text) throws IOException {
    assertThat(read(text)).isInstanceOf(GitRequest.Question.class);
    return new String(((GitRequest.Question) read(text)).description(), UTF_8);
  }

  @Test
  void only_what_names_the_password_is_asked_for() throws IOException {
    assertThat(description(GET)).isEqualTo("protocol=https\nhost=github.com\n\n");
    assertThat(
            description(
                GET
                    + "path=o/r=1.git\nusername=me\npassword=x\ncapability[]=authtype\n"
                    + "capability[]=state\nwwwauth[]=Basic realm=\"x\"\nurl=https://evil\nquit=1\n"))
        .isEqualTo("protocol=https\nhost=github.com\npath=o/r=1.git\nusername=me\n\n");
    assertThat(description("action=get\nprotocol=https\nhost=GitHub.com:443\n"))
        .isEqualTo("protocol=https\nhost=github.com\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "action=get",
        "action=get\nprotocol=https\nhost=github.com",
        "action=get\nprotocol=https\nhost=github.com\n\nhost=evil\n",
        "action=get\nprotocol=https\nhost=github.com\n\n",
        "action=get\nprotocol=https\nhost=github.com\nhost=github.com\n",
        "action=get\nprotocol=https\nhost=github.com\nprotocol=http\n",
        "action=get\naction=get\nprotocol=https\nhost=github.com\n",
        "action=get\nprotocol=https\nhost=github.com\nusername=a\nusername=b\n",
        "action=get\nprotocol=https\nhost=github.com\npath=a\npath=b\n",
        "action=get\nprotocol=https\nhost=github.com\nnonsense\n",
        "action=get\nprotocol=https\nhost=github.com\n=x\n",
        "action=get\r\nprotocol=https\r\nhost=github.com\r\n",
        "action=get\nprotocol=https\nhost=github.com\nusername=a\rb\n",
        "action=get\nprotocol=https\nhost=github.com\nusername=a\u0000b\n",
        "action=get\nprotocol=https\nhost=github.com\npath=\u001b[31m\n",
        "action=get\nprotocol=https\nhost=github.com\npath=\u0085\n"
      })
  void what_git_does_not_say_is_not_answered(String text) throws IOException {
    assertThat(read(text)).isEqualTo(new GitRequest.Unanswered("something that git does not say"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "protocol=https\n",
        "host=github.com\n",
        "protocol=ssh\nhost=github.com\n",
        "protocol=HTTPS\nhost=github.com\n",
        "protocol=https\nhost=\n",
        "protocol=https\nhost=github.com@evil\n",
        "protocol=https\nhost=b\u00fccher.example\n",
        "protocol=cert\npath=/key\n"
      })
  void only_web_servers_are_asked_for(String text) throws IOException {
    assertThat(read("action=get\n" + text))
        .isEqualTo(new GitRequest.Unanswered("for what is no web server"));
  }

  @Test
  void other_actions_are_named_only_where_they_are_known() throws IOException {
    assertThat(read("action=store\nprotocol=https\nhost=x\npassword=y\n"))
        .isEqualTo(new GitRequest.Unanswered("to store"));
    assertThat(read("action=erase\n")).isEqualTo(new GitRequest.Unanswered("to erase"));
    assertThat(read("action=exit\n")).isEqualTo(new GitRequest.Unanswered("to exit"));
    assertThat(read("action=a password\n"))
        .isEqualTo(new GitRequest.Unanswered("something unknown"));
    assertThat(read("protocol=https\nhost=github.com\n"))
        .isEqualTo(new GitRequest.Unanswered("something unknown"));
  }

  @Test
  void neither_too_long_nor_binary() throws IOException {
    String fill = "path=" + "x".repeat(GitRequest.MOST_BYTES - GET.length() - 6) + "\n";
    assertThat(read(GET + fill)).isInstanceOf(GitRequest.Question.class);
    assertThat(read(GET + fill + "a")).isEqualTo(new GitRequest.Unanswered("something too long"));
    assertThat(
            GitRequest.read(new ByteArrayInputStream((GET + "path=\u00fc\n").getBytes(ISO_8859_1))))
        .isEqualTo(new GitRequest.Unanswered("something that is no text"));
  }

  /** Whatever is changed in a question, what git of the host reads is one description. */
  @Test
  void no_change_of_a_question_adds_a_line() throws IOException {
    byte[] question = (GET + "path=o/r\nusername=me\n").getBytes(UTF_8);
    Random random = new Random(1);
    int understood = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] changed = question.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      if (GitRequest.read(new ByteArrayInputStream(changed)) instanceof GitRequest.Question asked) {
        understood++;
        assertThat(new String(asked.description(), UTF_8))
            .matches(
                "protocol=https?\nhost=[a-z0-9_.:-]+\n(path=[^\n\r\0]*\n)?(username=[^\n\r\0]*\n)?\n");
      }
    }
    assertThat(understood).isGreaterThan(1000);
  }
}
