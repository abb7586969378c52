package dev.codchi.machines.capabilities;

import java.util.List;

/** Consents for tests of who uses them: nobody is asked anything. */
public final class TestConsents {
  private TestConsents() {}

  /** These capabilities are all that there are. */
  public static KnownCapabilities known(List<Capability> capabilities) {
    return new KnownCapabilities(capabilities);
  }

  /** What is not said beforehand is not allowed. */
  public static SettleConsents settle(KnownCapabilities known) {
    return new SettleConsents(
        () -> "",
        known,
        new ConsentPrompt() {
          @Override
          public boolean isAnswered() {
            return false;
          }

          @Override
          public boolean allows(String machine, Capability capability, List<String> servers) {
            throw new AssertionError("nobody is asked");
          }
        });
  }
}
