package io.forebay.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VolumeRequestsTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void start() {
        node = new NodeFixture(folder);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void volumesAreListedWithWhatTheyHold() {
        node.put("o", "content");
        VolumeList list = list();
        assertThat(list.node()).isEqualTo("node1");
        VolumeInfo volume = list.volumes().getFirst();
        assertThat(list.volumes()).hasSize(1);
        assertThat(volume.path()).isEqualTo(folder.toString());
        assertThat(volume.state()).isEqualTo("enabled");
        assertThat(volume.objects()).isOne();
        assertThat(volume.liveBytes()).isPositive().isLessThan(volume.usedBytes());
        assertThat(volume.freeBytes()).isPositive();
    }

    @Test
    void otherMethodsAreRefused() {
        Reply reply = node.send(Method.DELETE, "/daemon/volumes", new Headers());
        assertThat(reply.status()).isEqualTo(405);
    }

    private VolumeList list() {
        Reply reply = node.send(Method.GET, "/daemon/volumes");
        assertThat(reply.status()).isEqualTo(200);
        return WireJson.read(NodeFixture.bytes(NodeFixture.text(reply)), VolumeList.class);
    }
}
