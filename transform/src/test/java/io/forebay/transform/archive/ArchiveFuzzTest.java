package io.forebay.transform.archive;

import io.forebay.fuzz.Seeds;
import io.forebay.transform.archive.index.MemberIndexFuzzTarget;
import org.junit.jupiter.api.Test;

final class ArchiveFuzzTest {
    @Test
    void tarsAreRefusedOrReadTheSameInEachWay() {
        Seeds.run("tar", TarFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void tgzsAreRefusedOrReadTheSameInEachWay() {
        Seeds.run("tgz", TgzFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void zipsAreRefusedOrReadTheSameInEachWay() {
        Seeds.run("zip", ZipFuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void lz4sAreRefusedOrReadTheSameInEachWay() {
        Seeds.run("tar-lz4", TarLz4FuzzTarget::fuzzerTestOneInput);
    }

    @Test
    void indexesAreCorruptOrRead() {
        Seeds.run("member-index", MemberIndexFuzzTarget::fuzzerTestOneInput);
    }
}
