package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads of one version of an object.
final class VersionReadTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder);
        node.createBucket("v", Map.of(Bucket.VERSIONING, "Enabled", Bucket.DURABILITY, Durability.NONE.wireName()));
    }

    @AfterEach
    void close() {
        node.close();
    }

    private String put(String content) {
        Reply reply = node.send(Method.PUT, "/objects/v/a", extended(), content);
        assertThat(reply.status()).isEqualTo(200);
        return id(reply);
    }

    private Reply get(String id) {
        return node.send(Method.GET, "/objects/v/a", extended().add(NodeHeaders.VERSION, id));
    }

    private static String id(Reply reply) {
        return AttributeHeaders.readSystem(reply.headers()).getOrDefault(VersionId.ATTRIBUTE, "");
    }

    @Test
    void versionIsReadWhereverItIs() {
        String first = put("first");
        assertThat(text(get(first))).isEqualTo("first");
        String second = put("second");
        assertThat(text(get(first))).isEqualTo("first");
        assertThat(text(get(second))).isEqualTo("second");
        assertThat(text(get(NodeHeaders.NEWEST))).isEqualTo("second");
        node.send(Method.DELETE, "/objects/v/a", extended());
        assertThat(text(get(second))).isEqualTo("second");
        String other = VersionId.NULL;
        assertThat(get(other).headers().find("Forebay-Error")).isEqualTo("NO_SUCH_VERSION");
    }

    @Test
    void versionThatCeasesToBeCurrentWhileItIsReadIsTheOneAskedFor() throws InterruptedException {
        String[] current = {put("0")};
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int number = 1; number <= 2000; number++) {
                String id = put("" + number);
                synchronized (current) {
                    current[0] = id;
                }
            }
            done.set(true);
        });
        while (!done.get() && writer.isAlive()) {
            String asked;
            synchronized (current) {
                asked = current[0];
            }
            Reply reply = get(asked);
            assertThat(id(reply)).isEqualTo(asked);
            text(reply);
        }
        writer.join();
        assertThat(done).isTrue();
    }
}
