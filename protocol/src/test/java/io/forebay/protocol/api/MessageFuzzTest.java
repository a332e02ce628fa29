package io.forebay.protocol.api;

import io.forebay.fuzz.Seeds;
import io.forebay.protocol.api.batch.BatchFuzzTarget;
import io.forebay.protocol.api.bucket.PropertiesFuzzTarget;
import io.forebay.protocol.api.cluster.ConfigFuzzTarget;
import org.junit.jupiter.api.Test;

final class MessageFuzzTest {
    @Test
    void actionsAreRefusedOrSayTheSameAgain() {
        Seeds.run("action", ActionFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void batchesAreRefusedOrSayTheSameAgain() {
        Seeds.run("batch", BatchFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void propertiesAreRefusedOrKeptTheSameAgain() {
        Seeds.run("properties", PropertiesFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void configurationsAreRefusedOrCanBeShown() {
        Seeds.run("configuration", ConfigFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void messagesOfNodesAreRefusedOrSayTheSameAgain() {
        Seeds.run("node-message", NodeMessageFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void pagesAreRefusedOrSayTheSameAgain() {
        Seeds.run("page", PageFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void pathsAreRefusedOrNameTheSameAgain() {
        Seeds.run("path", PathFuzzTarget::fuzzerTestOneInput);
    }
}
