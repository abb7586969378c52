package dev.codchi.machines.secrets;

/** How secrets are written down in clear text, for another program or another computer. */
public enum TransferFormat {
  /**
   * {@code NAME='value'} lines, environment variables only; shells read them. Values are kept byte
   * for byte.
   */
  DOTENV,

  /**
   * {@code {"schema": 1, "env": {NAME: VALUE}, "files": {...}, "tokens": {...}}}; a value is a
   * text, or {@code {"base64": ...}} where it is not UTF-8. A flat object of texts is read as
   * {@code env}.
   */
  JSON
}
