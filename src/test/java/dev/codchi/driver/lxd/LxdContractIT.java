package dev.codchi.driver.lxd;

import org.junit.jupiter.api.BeforeAll;

/** The contract, kept with a real Lxd daemon. */
class LxdContractIT extends ContainerContract {
  private static LxdDriver driver;

  @BeforeAll
  static void find() {
    driver = RealDaemon.find("lxd");
  }

  @Override
  LxdDriver driver() {
    return driver;
  }

  @Override
  boolean real() {
    return true;
  }
}
