package io.forebay.gateway.api.s3;

import io.forebay.fuzz.Seeds;
import org.junit.jupiter.api.Test;

/// The parts of requests that are languages of their own, damaged.
final class RequestFuzzTest {
    @Test
    void documentsAreRefusedOrSayTheSameAgain() {
        Seeds.run("document", DocumentFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void formsComeOutTheSameInPieces() {
        Seeds.run("form", FormFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void copySourcesNameAnObjectOrAreRefused() {
        Seeds.run("copy-source", CopySourceFuzzTarget::fuzzerTestOneInput);
    }
}
