package dev.codchi.cli;

import java.util.concurrent.CountDownLatch;

/** Another process, whose shutdown hook waits for what never comes, as Quarkus's can. */
final class HeldUpProcess {
  private HeldUpProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Interrupts.endAtOnce();
    CountDownLatch never = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                }));
    System.out.println("ready");
    never.await();
  }
}
