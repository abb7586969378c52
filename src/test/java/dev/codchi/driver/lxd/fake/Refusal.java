package dev.codchi.driver.lxd.fake;

/** An error answer. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String text;

  Refusal(int status, String text) {
    super(text);
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }
}
