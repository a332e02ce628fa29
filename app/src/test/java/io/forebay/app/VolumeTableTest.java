package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VolumeTableTest {
    @Test
    void columnsLineUpAndReasonsFollow() {
        VolumeInfo well = new VolumeInfo("id-1", "/a", "enabled", "", 1L << 40, 1 << 20, 0, 1023, 1024, 7, 0, 0, 0);
        VolumeInfo ill = new VolumeInfo("", "/b", "failed", "it is gone", 0, 0, 0, 0, 0, 0, 12, 3 << 20, 2);
        assertThat(VolumeTable.of(new VolumeLists(List.of(new VolumeList("node", List.of(well, ill))))))
                .isEqualTo("""
                        NODE  VOLUME  STATE       SIZE     FREE    USED     LIVE  OBJECTS       TO MOVE  ERRORS  FOLDER
                        node  id-1    enabled  1.0 TiB  1.0 MiB  1023 B  1.0 KiB        7             -       0  /a
                        node  -       failed       0 B      0 B     0 B      0 B        0  12 (3.0 MiB)       2  /b
                        /b: it is gone
                        """);
    }
}
