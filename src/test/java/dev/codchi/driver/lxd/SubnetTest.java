package dev.codchi.driver.lxd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubnetTest {
  private static Subnet subnet(String cidr, String ranges) {
    return Subnet.of(cidr, ranges).orElseThrow();
  }

  @Test
  void an_address_outside_the_dhcp_ranges_is_preferred() {
    Subnet subnet = subnet("10.87.0.1/24", "10.87.0.100-10.87.0.200, 10.87.0.210-10.87.0.254");
    assertThat(subnet.free(Set.of())).contains("10.87.0.209");
    assertThat(subnet.free(Set.of("10.87.0.209"))).contains("10.87.0.208");
  }

  @Test
  void where_dhcp_has_the_whole_subnet_the_last_free_address_is_taken() {
    assertThat(subnet("10.0.0.1/30", "").free(Set.of())).contains("10.0.0.2");
    assertThat(subnet("10.0.0.2/30", "10.0.0.1-10.0.0.2").free(Set.of())).contains("10.0.0.1");
    assertThat(subnet("172.16.5.1/22", "").free(Set.of("172.16.7.254"))).contains("172.16.7.253");
  }

  @Test
  void a_full_subnet_has_no_address() {
    Set<String> taken = new HashSet<>(Set.of("10.0.0.2"));
    assertThat(subnet("10.0.0.1/30", "").free(taken)).isEmpty();
  }

  @Test
  void a_bridge_without_address_has_no_subnet() {
    assertThat(Subnet.of("none", "")).isEmpty();
    assertThat(Subnet.of("", "")).isEmpty();
  }

  @Test
  void addresses_are_read_strictly() {
    assertThat(Subnet.text(Subnet.parse("192.168.255.1"))).isEqualTo("192.168.255.1");
    assertThatThrownBy(() -> Subnet.parse("1.2.3")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Subnet.parse("1.2.3.256"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
