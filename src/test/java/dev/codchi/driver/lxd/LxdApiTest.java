package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LxdApiTest {
  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void settings_with_those_of_profiles_added_are_left_out_at_every_depth() throws Exception {
    String answer =
        """
        {"metadata": [{"name": "a", "expanded_config": {"x": [1, {"y": 2}]}, "config": {"user.z": "3"}},
          {"expanded_devices": {"root": {"path": "/"}}, "name": "b", "devices": {"root": {}}}]}\
        """;
    assertThat(LxdApi.read(bytes(answer), Wanted.USUAL))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"metadata": [{"name": "a", "config": {"user.z": "3"}},
                      {"name": "b", "devices": {"root": {}}}]}\
                    """));
  }

  @Test
  void of_containers_only_labels_are_read_beside_what_is_said_of_them() throws Exception {
    String answer =
        """
        {"type": "sync", "metadata": [{"name": "a", "status": "Running", "profiles": [],
          "config": {"raw.idmap": "x", "user.codchi.a": "1", "volatile.y": "{}"}, "devices": {"root": {}}},
          {"config": {}, "name": "b"}]}\
        """;
    assertThat(LxdApi.read(bytes(answer), Wanted.CONTAINERS))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"type": "sync", "metadata": [{"name": "a", "status": "Running", "profiles": [],
                      "config": {"user.codchi.a": "1"}}, {"config": {}, "name": "b"}]}\
                    """));
    String refusal = "{\"type\": \"error\", \"error\": \"not found\", \"error_code\": 404}";
    assertThat(LxdApi.read(bytes(refusal), Wanted.CONTAINERS))
        .isEqualTo(new ObjectMapper().readTree(refusal));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"metadata\":{}}",
        "{\"metadata\":[]}",
        "{\"metadata\":null,\"type\":\"sync\"}",
        "{\"a\":[[],{},[{}],\"\",0,-1.5e3,true,null]}",
        "{\"devices\":{\"expanded_disk\":{\"path\":\"/\"}}}",
        "\"text\"",
        "3"
      })
  void all_else_is_read_as_it_is(String answer) throws Exception {
    assertThat(LxdApi.read(bytes(answer), Wanted.USUAL))
        .isEqualTo(new ObjectMapper().readTree(answer));
  }

  @Test
  void an_empty_answer_is_nothing() throws Exception {
    assertThat(LxdApi.read(InputStream.nullInputStream(), Wanted.USUAL).isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"<html>", "{\"a\":", "{\"expanded_config\": {\"a\": ", "{\"a\" 1}"})
  void what_is_no_json_is_told_apart(String answer) {
    assertThatThrownBy(() -> LxdApi.read(bytes(answer), Wanted.USUAL))
        .isInstanceOf(JsonProcessingException.class);
  }
}
