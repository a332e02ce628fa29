package io.forebay.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.seal.MasterKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretSealTest {
    private static final String MASTER = "0123456789abcdef0123456789abcdef";

    private final SecretSeal seal = new SecretSeal(MasterKeys.of(MASTER), "users");

    /// Cluster states hold such texts, so they can always be opened.
    @Test
    void sealedTextOfFormatOneOpens() {
        assertThat(seal.open("1.87e9e3c9.AAECAwQFBgcICQoLcWHwG_TRa1RlXxvoyCJfF9yjvGF5Fw", "context"))
                .isEqualTo("secret");
    }

    @Test
    void everySealOfOneTextIsAnother() {
        String sealed = seal.seal("s\u00e4cret", "a");
        assertThat(sealed).startsWith("1.").doesNotContain("cret").isNotEqualTo(seal.seal("s\u00e4cret", "a"));
        assertThat(seal.open(sealed, "a")).isEqualTo("s\u00e4cret");
    }

    @Test
    void onlyTheSameMasterKeyPurposeAndContextOpen() {
        String sealed = seal.seal("secret", "a");
        assertCorrupt(seal, sealed, "b");
        assertCorrupt(new SecretSeal(MasterKeys.of(MASTER + "0"), "users"), sealed, "a");
        assertCorrupt(new SecretSeal(MasterKeys.of(MASTER), "sessions"), sealed, "a");
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String sealed = seal.seal("secret", "a");
        for (int index = 0; index < sealed.length(); index++) {
            char other = sealed.charAt(index) == 'A' ? 'Q' : 'A';
            assertCorrupt(seal, sealed.substring(0, index) + other + sealed.substring(index + 1), "a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1..", "1.x.y", "2.87e9e3c9.AAAA", "1.87e9e3c9.", "1.87e9e3c9.AAAA", "1.87e9e3c9.*"})
    void whatIsNoSealedTextIsCorrupt(String text) {
        assertCorrupt(seal, text, "a");
    }

    private static void assertCorrupt(SecretSeal by, String sealed, String context) {
        assertThatThrownBy(() -> by.open(sealed, context)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
            assertThat(e.text()).startsWith("a sealed secret cannot be opened").doesNotContain(MASTER);
        });
    }
}
