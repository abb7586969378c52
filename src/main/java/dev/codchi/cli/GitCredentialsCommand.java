package dev.codchi.cli;

import dev.codchi.hostintegration.git.AnswerGitCredentials;
import dev.codchi.machines.MachineName;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code codchi git-credentials NAME}: what the person's systemd starts when git in a machine asks
 * for a password, with the machine's socket as standard input and output.
 */
@Command(
    name = "git-credentials",
    hidden = true,
    description = "Answer a question of git in a machine.")
final class GitCredentialsCommand implements Callable<Integer> {
  private final AnswerGitCredentials answerGitCredentials;
  private final ErrorLog log;

  @Parameters(paramLabel = "NAME", description = "The machine.")
  String name = "";

  GitCredentialsCommand(AnswerGitCredentials answerGitCredentials, ErrorLog log) {
    this.answerGitCredentials = answerGitCredentials;
    this.log = log;
  }

  @Override
  public Integer call() throws IOException {
    MachineName machine = MachineName.of(name);
    try (AnswerGitCredentials.Answer answer = answerGitCredentials.answer(machine, System.in)) {
      log.note(answer.log());
      // Not by way of a text, of which copies would stay.
      System.out.write(answer.reply());
      System.out.flush();
    }
    return 0;
  }
}
