package io.forebay.common.model;

import io.forebay.fuzz.Seeds;
import org.junit.jupiter.api.Test;

final class RangeFuzzTest {
    @Test
    void rangesLieInsideTheObject() {
        Seeds.run("range", RangeFuzzTarget::fuzzerTestOneInput);
    }
}
