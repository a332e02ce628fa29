package io.forebay.gateway.auth.policy;

import io.forebay.fuzz.Seeds;
import org.junit.jupiter.api.Test;

final class PolicyFuzzTest {
    @Test
    void policiesDecideOrAreRefused() {
        Seeds.run("policy", PolicyFuzzTarget::fuzzerTestOneInput);
    }
}
