package io.forebay.storage.http;

import io.forebay.fuzz.Seeds;
import org.junit.jupiter.api.Test;

final class MessageFuzzTest {
    @Test
    void customMetadataIsRefusedOrToldAsItCame() {
        Seeds.run("custom-metadata", CustomMetadataFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void completionsAreRefusedOrNameTheSameAgain() {
        Seeds.run("completion", CompletionFuzzTarget::fuzzerTestOneInput);
    }
}
