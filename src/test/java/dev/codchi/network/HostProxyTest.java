package dev.codchi.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.codchi.config.Setting;
import dev.codchi.failure.Failure;
import dev.codchi.failure.FailureCode;
import dev.codchi.redaction.KnownValues;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostProxyTest {
  private final KnownValues known = new KnownValues();

  private HostProxy of(Map<Setting, String> settings, Map<String, String> environment) {
    return new HostProxy(key -> Optional.ofNullable(settings.get(key)), environment, known);
  }

  private HostProxy of(Map<String, String> environment) {
    return of(Map.of(), environment);
  }

  private static String through(HostProxy proxy, String address) {
    return proxy.of(URI.create(address)).map(HostProxy.Server::toString).orElse("direct");
  }

  @Test
  void withoutOneEverythingIsDirect() {
    HostProxy proxy = of(Map.of("no_proxy", "example.org", "http_proxy", " "));

    assertThat(proxy.present()).isFalse();
    assertThat(proxy.variables(List.of("10.0.3.1"))).isEmpty();
    assertThat(through(proxy, "https://example.com/")).isEqualTo("direct");
  }

  @Test
  void followsTheEnvironmentAsCurlDoes() {
    HostProxy proxy =
        of(
            Map.of(
                "https_proxy", "proxy.lan:3128",
                "HTTPS_PROXY", "http://upper:1",
                "ALL_PROXY", "http://rest",
                "NO_PROXY", "example.org, .lan"));

    assertThat(through(proxy, "https://example.com/")).isEqualTo("proxy.lan:3128");
    assertThat(through(proxy, "http://example.com/")).isEqualTo("rest:80");
    assertThat(through(proxy, "https://example.org/")).isEqualTo("direct");
    assertThat(through(proxy, "https://a.example.org/")).isEqualTo("direct");
    assertThat(through(proxy, "https://notexample.org/")).isEqualTo("proxy.lan:3128");
    assertThat(through(proxy, "https://git.lan/")).isEqualTo("direct");
    assertThat(through(of(Map.of("all_proxy", "http://a:1", "no_proxy", "*")), "http://b/"))
        .isEqualTo("direct");
  }

  @Test
  void settingsWin() {
    HostProxy proxy =
        of(
            Map.of(Setting.PROXY_HTTP, "http://set:1", Setting.PROXY_EXCEPTIONS, "lan"),
            Map.of("http_proxy", "http://env:1", "no_proxy", "example.com"));

    assertThat(through(proxy, "http://example.com/")).isEqualTo("set:1");
    assertThat(through(proxy, "http://git.lan/")).isEqualTo("direct");
    assertThat(
            catchThrowableOfType(
                    Failure.class,
                    () -> of(Map.of(Setting.PROXY_HTTP, "http://u:p@set:1"), Map.of()).present())
                .code())
        .isEqualTo(FailureCode.BAD_SETTINGS);
  }

  @Test
  void containersGetBothCasesAndReachTheirNeighboursDirectly() {
    Map<String, String> variables =
        of(Map.of("http_proxy", "http://proxy:8080", "no_proxy", "lan,localhost"))
            .variables(List.of("10.0.3.1", "10.0.3.0/24"));

    assertThat(variables)
        .containsOnlyKeys("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY")
        .containsEntry("HTTP_PROXY", "http://proxy:8080")
        .containsEntry("no_proxy", "lan,localhost,127.0.0.1,::1,10.0.3.1,10.0.3.0/24");
  }

  @Test
  void aPasswordIsKnownAndNeverShown() {
    HostProxy proxy = of(Map.of("https_proxy", "http://al%20ice:p%40ss%2Bw+rd@proxy:8080"));

    HostProxy.Server server = proxy.of(URI.create("https://example.com/")).orElseThrow();
    assertThat(server.user()).isEqualTo("al ice");
    assertThat(server.password()).isEqualTo("p@ss+w+rd");
    assertThat(proxy.describe()).containsExactly("proxy:8080");
    assertThat(known.redact("p@ss+w+rd and p%40ss%2Bw+rd")).isEqualTo("[secret] and [secret]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "http://pass word@x:1", "http://x:port", "://", "http://a\nb"})
  void nonsenseIsRefusedWithoutShowingIt(String address) {
    HostProxy proxy = of(Map.of("http_proxy", address));

    Failure failure = catchThrowableOfType(Failure.class, () -> proxy.variables(List.of()));
    assertThat(failure.code()).isEqualTo(FailureCode.BAD_SETTINGS);
    assertThat(failure.what() + failure.why()).doesNotContain("pass word");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1", "127.0.0.2:3128", "http://[::1]:3128"})
  void proxiesThatNoContainerReachesAreTold(String address) {
    assertThat(of(Map.of("http_proxy", address)).local()).isTrue();
  }
}
