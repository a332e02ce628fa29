package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ListenAddressTest {
    @Test
    void hostAndPortAreRead() {
        assertThat(ListenAddress.parse("server.listen", "127.0.0.1:8080"))
                .isEqualTo(new ListenAddress("127.0.0.1", 8080));
        assertThat(ListenAddress.parse("server.listen", "[::1]:0")).isEqualTo(new ListenAddress("::1", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080", ":8080", "host", "host:", "host:port", "host:65536", "host:-1", "host:123456"})
    void otherTextIsRefusedNamingTheSetting(String text) {
        assertThatThrownBy(() -> ListenAddress.parse("server.listen", text))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("setting server.listen: \"" + text + "\" is not an address");
    }

    @Test
    void urlHasTheBoundPortAndBracketsAroundColons() {
        assertThat(new ListenAddress("127.0.0.1", 0).url(4711)).isEqualTo("http://127.0.0.1:4711");
        assertThat(new ListenAddress("::1", 0).url(4711)).isEqualTo("http://[::1]:4711");
    }

    @Test
    void wildcardIsShownAsTheMachinesOwnAddress() {
        assertThat(new ListenAddress("0.0.0.0", 0).url(1)).doesNotContain("0.0.0.0");
    }

    @Test
    void onlyLoopbackIsLoopback() {
        assertThat(new ListenAddress("127.0.0.1", 0).isLoopback()).isTrue();
        assertThat(new ListenAddress("::1", 0).isLoopback()).isTrue();
        assertThat(new ListenAddress("0.0.0.0", 0).isLoopback()).isFalse();
    }
}
