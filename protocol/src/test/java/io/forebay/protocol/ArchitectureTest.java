package io.forebay.protocol;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.protocol")
                .may("http")
                .may("tls")
                .may("http.netty", "http", "tls")
                .may("http.vertx", "http", "tls")
                .may("api", "http")
                .may("client", "api", "http")
                .may("sigv4", "http")
                .check();
    }
}
