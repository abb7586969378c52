package dev.codchi.machines.secrets.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScryptTest {
  /** The test vectors of RFC 7914, section 12, but the last, which takes 1 GiB. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          '', '', 4, 1, 1, 77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
          password, NaCl, 10, 8, 16, fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
          pleaseletmein, SodiumChloride, 14, 8, 1, 7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
          """)
  void derivesWhatTheStandardSays(
      String passphrase, String salt, int logCost, int blockSize, int parallelism, String key) {
    byte[] derived =
        new Scrypt(logCost, blockSize, parallelism)
            .derive(
                passphrase.getBytes(StandardCharsets.US_ASCII),
                salt.getBytes(StandardCharsets.US_ASCII),
                64);

    assertThat(HexFormat.of().formatHex(derived)).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "0,8,1", "31,8,1", "-1,8,1", "21,8,1", "14,0,1", "14,65,1", "14,-8,1", "14,8,0", "14,8,17"
  })
  void refusesCostsThatNobodyCanBear(int logCost, int blockSize, int parallelism) {
    Scrypt scrypt = new Scrypt(logCost, blockSize, parallelism);

    assertThat(scrypt.isBearable()).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scrypt.derive(new byte[1], new byte[16], 32));
  }

  @Test
  void theCostInUseIsBearable() {
    assertThat(PassphraseProvider.COST.isBearable()).isTrue();
  }
}
