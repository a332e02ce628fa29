package io.forebay.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.VolumeFolders;
import io.forebay.storage.volume.VolumeOwner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeCheckCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path data;

    @BeforeEach
    void makeAVolume() {
        open().close();
    }

    @Test
    void aDataFolderIsItsVolumes() {
        assertThat(run("check", data)).isZero();
        assertThat(text(out)).contains("storage-node-1: volume ", "  clean");
        assertThat(run("rebuild-index", data)).isZero();
        assertThat(text(out)).contains("index rebuilt from 0 records: 0 objects");
        assertThat(run("check", data.resolve("storage-node-1"))).isZero();
        assertThat(text(err)).isEmpty();
    }

    @Test
    void damageIsExitCodeOne() throws IOException {
        Path segment = data.resolve("storage-node-1/segments/0000000000000001.seg");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[20] ^= (byte) 1;
        Files.write(segment, bytes);
        assertThat(run("check", data)).isEqualTo(1);
        assertThat(text(out)).contains("damage: ", "what to do: ", "DAMAGED: ");
        assertThat(run("check", "--json", data.toString())).isEqualTo(1);
        assertThat(text(out)).contains("\"damages\":1").startsWith("{\"volumes\":[{");
    }

    @Test
    void whatCannotBeCheckedIsExitCodeTwo() {
        assertThat(run("check", data.resolve("nothing"))).isEqualTo(2);
        assertThat(text(err)).contains("is no volume");
        try (ObjectStore store = open()) {
            assertThat(store.space().objectCount()).isZero();
            assertThat(run("check", data)).isEqualTo(2);
            assertThat(text(err)).contains("in use by another process");
            assertThat(run("rebuild-index", data)).isEqualTo(1);
        }
    }

    @Test
    void volumesOutsideOfTheDataFolderAreFoundAndMissed() throws IOException {
        Path server = data.resolve("server");
        Path inside = server.resolve("storage-node-1");
        Path outside = data.resolve("disk/volume");
        Files.createDirectories(server);
        open(new VolumeFolders(server.resolve("storage-node-1.volumes"), List.of(inside, outside)))
                .close();
        assertThat(run("check", server)).isZero();
        assertThat(text(out)).contains(inside + ": volume ").containsOnlyOnce(outside + ": volume ");
        assertThat(run("rebuild-index", server)).isZero();
        assertThat(text(out)).contains(inside + ": volume ", outside + ": volume ");
        assertThat(text(err)).isEmpty();

        Files.move(outside, data.resolve("disk/elsewhere"));
        for (String command : List.of("check", "rebuild-index")) {
            assertThat(run(command, server)).isEqualTo(command.equals("check") ? 2 : 1);
            assertThat(text(err)).containsPattern("volume [-0-9a-f]{36} is missing: folder " + outside + " does not");
            assertThat(text(out)).contains(inside + ": volume ");
        }
        open(new VolumeFolders(null, List.of(outside))).close();
        assertThat(run("check", server)).isEqualTo(2);
        assertThat(text(err)).containsPattern(" is missing: folder " + outside + " has volume [-0-9a-f]{36}");
        assertThat(run("rebuild-index", server)).isEqualTo(1);
        Files.writeString(server.resolve("storage-node-1.volumes"), "format=7");
        assertThat(run("check", server)).isEqualTo(2);
        assertThat(text(err)).contains("storage-node-1.volumes has format 7");
        assertThat(text(out)).contains(inside + ": volume ");
    }

    @Test
    void theSettingsAreThoseOfTheNode() throws IOException {
        Path settings = Files.writeString(data.resolve("node.properties"), "storage.store.volume.segment = 2MiB\n");
        for (String command : List.of("rebuild-index", "check")) {
            assertThat(run(command, "--config", settings.toString(), data.toString()))
                    .isZero();
        }
        Files.writeString(settings, "storage.store.volume.segmnt = 2MiB\n");
        assertThat(run("check", "--config", settings.toString(), data.toString()))
                .isEqualTo(2);
        assertThat(text(err)).contains("unknown setting storage.store.volume.segmnt");
        assertThat(run("rebuild-index", "--set", "storage.store.volume.segment=1", data.toString()))
                .isEqualTo(1);
        assertThat(text(err)).contains("segment must be");
    }

    private ObjectStore open() {
        return open(new VolumeFolders(null, List.of(data.resolve("storage-node-1"))));
    }

    private static ObjectStore open(VolumeFolders volumes) {
        return ObjectStore.open(
                Settings.of(StoreConfig.class).bind(Map.of("volume.segment", "1MiB", "volume.spare-segments", "0")),
                volumes,
                new VolumeOwner("c", new NodeId("node1")),
                InstantSource.system(),
                new Metrics());
    }

    private int run(String command, Path folder) {
        return run(command, folder.toString());
    }

    private int run(String command, String... arguments) {
        out.reset();
        String[] all = new String[arguments.length + 2];
        all[0] = "volume";
        all[1] = command;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return ForebayMain.commandLine(stream(out), stream(err), GivenKeys.NONE).execute(all);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
