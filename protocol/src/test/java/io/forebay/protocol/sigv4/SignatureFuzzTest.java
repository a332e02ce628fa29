package io.forebay.protocol.sigv4;

import io.forebay.fuzz.Seeds;
import org.junit.jupiter.api.Test;

final class SignatureFuzzTest {
    @Test
    void nothingIsTakenWithAWrongSecret() {
        Seeds.run("signature", SignatureFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void framedBodiesComeOutAsTheyWentInOrNotWhole() {
        Seeds.run("chunked-body", ChunkedBodyFuzzTarget::fuzzerTestOneInput);
    }
}
