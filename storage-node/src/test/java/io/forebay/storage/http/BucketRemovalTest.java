package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.BucketName;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketRemovalTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void sealedBucketRefusesEveryWriteAndIsReadOn() {
        node.put("o", "content");
        seal(true);
        assertBusy(node.put("x", "x"));
        assertBusy(node.send(Method.DELETE, "/objects/b/o"));
        assertBusy(node.send(Method.PATCH, "/objects/b/o", new Headers(), "{\"value\":{\"a\":\"b\"}}"));
        assertBusy(node.send(Method.POST, "/objects/b/o", new Headers(), "{\"action\":\"mpt-upload\"}"));
        assertBusy(node.send(Method.PUT, "/objects/b/x?append_type=append", new Headers(), "x"));
        assertThat(node.content("o")).isEqualTo("content");
        assertThat(node.names()).containsExactly("o");
        seal(false);
        assertThat(untilWritable().status()).isEqualTo(200);
    }

    @Test
    void writeThatBeganBeforeTheSealIsNotSeenAfterIt() throws Exception {
        Paused body = new Paused();
        CompletableFuture<Reply> put =
                CompletableFuture.supplyAsync(() -> node.send(Method.PUT, "/objects/b/late", new Headers(), body));
        body.begun.await();
        seal(true);
        assertThat(node.names()).isEmpty();
        body.goOn.countDown();
        assertBusy(put.get());
        assertThat(node.names()).isEmpty();
    }

    @Test
    void vanishedBucketIsEmptiedAndANewOneOfThatNameStartsEmpty() {
        node.put("o", "content");
        destroy();
        node.createBucket("b", Map.of());
        assertThat(node.names()).isEmpty();
        node.put("o", "new");
        assertThat(node.content("o")).isEqualTo("new");
        awaitDropped(1);
        assertThat(node.content("o")).isEqualTo("new");
    }

    @Test
    void bucketThatVanishedWhileTheNodeWasDownIsEmptiedAtTheStart() {
        node.put("o", "content");
        node.node().close();
        destroy();
        node.restart();
        awaitDropped(1);
    }

    @Test
    void writeIntoAVanishingBucketIsRefused() throws Exception {
        Paused body = new Paused();
        CompletableFuture<Reply> put =
                CompletableFuture.supplyAsync(() -> node.send(Method.PUT, "/objects/b/late", new Headers(), body));
        body.begun.await();
        node.put("o", "x");
        destroy();
        awaitDropped(1);
        body.goOn.countDown();
        Reply reply = put.get();
        assertThat(reply.status()).isEqualTo(404);
        assertThat(text(reply)).contains("bucket \\\"ais://b\\\" does not exist");
    }

    private void seal(boolean sealed) {
        Bucket bucket = node.bucket("b");
        node.log.submit(new Command.SealBucket(bucket.name(), bucket.id(), sealed));
    }

    private void destroy() {
        Bucket bucket = node.bucket("b");
        node.log.submit(new Command.DestroyBucket(BucketName.of("b"), bucket.id()));
    }

    /// The kernel allows writes again when the state's watch has told it.
    private Reply untilWritable() {
        Reply reply = node.put("x", "x");
        while (reply.status() == 429) {
            Thread.onSpinWait();
            reply = node.put("x", "x");
        }
        return reply;
    }

    private void awaitDropped(int buckets) {
        String line = "forebay_node_dropped_buckets_total{node=\"node1\"} " + buckets;
        while (!node.metrics.text().contains(line)) {
            Thread.onSpinWait();
        }
    }

    private static void assertBusy(Reply reply) {
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("BUSY");
        assertThat(text(reply)).contains("is being removed");
    }

    /// A body that tells when it is first asked and then waits.
    private static final class Paused implements Body {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private boolean given;

        @Override
        public long length() {
            return 1;
        }

        @Override
        public @Nullable ByteBuffer next() {
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (given) {
                return null;
            }
            given = true;
            return ByteBuffer.wrap(new byte[] {1});
        }

        @Override
        public void close() {
            given = true;
        }
    }
}
