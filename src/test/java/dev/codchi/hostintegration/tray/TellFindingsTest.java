package dev.codchi.hostintegration.tray;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.machines.ExamineHost.Finding;
import dev.codchi.machines.ExamineHost.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TellFindingsTest {
  @Test
  void a_daemon_that_ends_while_it_is_asked_is_one_trouble() {
    assertThat(TellFindings.trouble(problem("store", FailureCode.LXD_NOT_RUNNING)))
        .isEqualTo(TellFindings.trouble(problem("bridge", FailureCode.LXD_CONNECTION_LOST)))
        .isEqualTo(TellFindings.trouble(problem("leftovers", FailureCode.LXD_SOCKET_MISSING)));
  }

  @Test
  void other_findings_are_told_apart_by_subject_and_text_in_one_line() {
    assertThat(TellFindings.trouble(problem("bridge", FailureCode.LXD_NO_NETWORK)))
        .isEqualTo("bridge: it is like this")
        .isNotEqualTo(TellFindings.trouble(problem("pool", FailureCode.LXD_NO_NETWORK)));
  }

  private static Finding problem(String subject, FailureCode code) {
    String text = "it is\nlike  this";
    return new Finding(subject, Verdict.PROBLEM, text, Optional.of(Failure.of(code, text)));
  }
}
