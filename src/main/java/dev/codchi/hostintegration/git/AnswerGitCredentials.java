package dev.codchi.hostintegration.git;

import dev.codchi.config.Settings;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.hostintegration.DesktopSession;
import dev.codchi.machines.MachineName;
import dev.codchi.machines.capabilities.Consents;
import dev.codchi.machines.capabilities.MachineSide;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Answers one question of git in a machine for a password. */
@ApplicationScoped
public class AnswerGitCredentials {
  /** Git writes its question at once. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * An answer.
   *
   * @param reply what git in the machine reads; empty for no answer, after which it asks as it does
   *     without helpers
   * @param log which machine asked for what, and whether it was answered; no values
   */
  public record Answer(byte[] reply, String log) implements AutoCloseable {
    /** Wipes the reply. */
    @Override
    public void close() {
      Arrays.fill(reply, (byte) 0);
    }
  }

  private final Settings settings;
  private final DesktopSession session;
  private final HostGit git;
  private final Duration limit;

  @Inject
  AnswerGitCredentials(Settings settings, DesktopSession session, HostGit git) {
    this(settings, session, git, LIMIT);
  }

  AnswerGitCredentials(Settings settings, DesktopSession session, HostGit git, Duration limit) {
    this.settings = settings;
    this.session = session;
    this.git = git;
    this.limit = limit;
  }

  /**
   * Answers what the machine may know now: the consent and its servers are read at each question.
   *
   * @param input the machine's side of the conversation, of which everything may be hostile
   * @throws Failure {@code MACHINE_BROKEN} when the consents cannot be read, {@code
   *     UNEXPECTED_ERROR} when git does not run
   */
  public Answer answer(MachineName machine, InputStream input) {
    return switch (read(input)) {
      case GitRequest.Unanswered(String what) -> nothing(machine, what, "ignored");
      case GitRequest.Question question -> answer(machine, question);
    };
  }

  private Answer answer(MachineName machine, GitRequest.Question question) {
    String wanted = "for " + question.server();
    Consents consents = Consents.read(MachineSide.of(settings.directories(), machine.value()));
    String name = GitCredentialsCapability.NAME;
    if (!consents.of(name).orElse(false)) {
      return nothing(machine, wanted, "not allowed");
    }
    if (!consents.serversOf(name).contains(question.server().toString())) {
      return nothing(machine, wanted, "not allowed for this server");
    }
    if (session.runtimeDirectory().map(QuestionSocket::directory).filter(git::asks).isPresent()) {
      return nothing(machine, wanted, "your git's helper is codchi's own socket");
    }
    byte[] reply = git.fill(question);
    return reply.length == 0
        ? nothing(machine, wanted, "your git has no password")
        : new Answer(reply, line(machine, wanted, "answered"));
  }

  private GitRequest read(InputStream input) {
    CompletableFuture<GitRequest> request = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            request.complete(GitRequest.read(input));
          } catch (IOException e) {
            request.completeExceptionally(e);
          }
        });
    try {
      return request.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      return new GitRequest.Unanswered("something, without coming to an end");
    } catch (ExecutionException broken) {
      return new GitRequest.Unanswered("something, and broke off");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(FailureCode.INTERRUPTED, "the question was interrupted").causedBy(e);
    }
  }

  private static Answer nothing(MachineName machine, String wanted, String why) {
    return new Answer(new byte[0], line(machine, wanted, why));
  }

  private static String line(MachineName machine, String wanted, String outcome) {
    return "git in %s asked %s: %s".formatted(machine, wanted, outcome);
  }
}
