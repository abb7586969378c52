package dev.codchi.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reads and writes JSON as trees. */
public final class JsonText {
  /**
   * For use by all threads. Names of fields are not interned, which the native binary does by
   * searching all strings that are in it, in memory that is not used for anything else.
   */
  public static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build())
          .build();

  private JsonText() {}
}
