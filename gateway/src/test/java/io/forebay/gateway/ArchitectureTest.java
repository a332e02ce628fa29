package io.forebay.gateway;

import io.forebay.architecture.Architecture;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

    @Test
    void packagesFollowTheArrows() {
        Architecture.of("io.forebay.gateway")
                .may("api.object", "core", "auth")
                .may("api.cluster", "core", "auth")
                .may("api.s3", "core", "auth", "auth.acl", "auth.policy")
                .may("api.job", "core", "auth")
                .may("api.reapi", "core", "auth")
                .may("api.admin", "core", "auth")
                .may("core", "routing", "relay", "listing", "control")
                .may("routing")
                .may("relay", "routing")
                .may("listing", "routing", "relay")
                .may("job", "control")
                .may("control")
                .may("auth", "auth.policy", "auth.acl")
                .may("auth.policy")
                .may("auth.acl")
                .check();
    }
}
