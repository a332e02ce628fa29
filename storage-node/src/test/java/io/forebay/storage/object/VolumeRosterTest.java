package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeRosterTest {
    @TempDir
    private Path scratch;

    @Test
    void aFolderMayBeCopiedWithTheVolumesInsideIt() throws IOException {
        Path data = Files.createDirectory(scratch.resolve("data"));
        Path copy = Files.createDirectory(scratch.resolve("copy"));
        Path outside = scratch.resolve("disk-2");
        Path list = data.resolve("node.volumes");
        roster(data.resolve("node"), outside).write(list);
        Files.copy(list, copy.resolve("node.volumes"));
        assertThat(VolumeRoster.read(list)).isEqualTo(roster(data.resolve("node"), outside));
        assertThat(VolumeRoster.read(copy.resolve("node.volumes"))).isEqualTo(roster(copy.resolve("node"), outside));
    }

    private static VolumeRoster roster(Path inside, Path outside) {
        return new VolumeRoster(
                List.of(
                        new VolumeRoster.Entry("a", inside.toString(), VolumeStatus.State.ENABLED, 0),
                        new VolumeRoster.Entry("b", outside.toString(), VolumeStatus.State.DRAINING, 3)),
                Set.of("a", "b"),
                Set.of("c"));
    }
}
