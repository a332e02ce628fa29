package io.forebay.system.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.model.Durability;
import io.forebay.system.crash.Calls.Face;
import io.forebay.system.crash.History.Change;
import io.forebay.system.crash.Value.Piece;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.NotSentException;
import io.forebay.system.server.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A comparison with the history sees every way in which a store can be wrong.
final class VerificationIT {
    private static final Value FIRST = Value.of(List.of(new Piece(1, 100)), "n1");
    private static final Value SECOND = Value.of(List.of(new Piece(2, 200), new Piece(3, 50)), "");

    @TempDir
    private Path data;

    private final Counts counts = new Counts();
    private final History history = new History(counts);
    private Cluster cluster;
    private Calls calls;
    private Entry bucket;
    private Entry object;

    @BeforeEach
    void putOneObject() {
        cluster = Cluster.start(data, 1);
        calls = LoadClient.connect(cluster.url());
        bucket = history.add("none", "", Durability.NONE);
        object = history.add("none", "a/b", Durability.NONE);
        calls.createBucket("none", Durability.NONE);
        acknowledged(bucket, Value.BUCKET);
        calls.put(Face.S3, object, FIRST.bytes(), "n1");
        acknowledged(object, FIRST);
    }

    @AfterEach
    void close() {
        calls.close();
        cluster.close();
    }

    @Test
    void whatWasAcknowledgedIsRight() {
        assertThat(check(false)).containsExactlyInAnyOrder(new Change(bucket, Value.BUCKET), new Change(object, FIRST));
        assertThat(counts.violations()).isZero();
        assertThat(counts.checked.sum()).isEqualTo(2);
    }

    @Test
    void doubtfulOperationMayBeDoneOrNot() {
        history.begin(List.of(new Change(object, SECOND)));
        check(false);
        assertThat(counts.inDoubt.sum()).isOne();
        assertThat(counts.inDoubtDone.sum()).isZero();
        calls.put(Face.AIS, object, SECOND.bytes(), "");
        check(false);
        assertThat(counts.inDoubtDone.sum()).isOne();
        assertThat(counts.violations()).isZero();
    }

    @Test
    void whatIsAcknowledgedAfterTheMarkIsDoubtful() {
        history.mark();
        acknowledged(object, SECOND);
        check(false);
        assertThat(counts.inDoubt.sum()).isOne();
        assertThat(counts.violations()).isZero();
        check(false);
        assertThat(counts.lost.sum()).isOne();
    }

    @Test
    void whatWasNeverSentMustNotBeFound() {
        history.begin(List.of(new Change(object, SECOND)));
        history.withdraw(List.of(new Change(object, SECOND)));
        assertThat(object.isDoubtful()).isFalse();
        check(false);
        assertThat(counts.inDoubt.sum()).isZero();
        assertThat(counts.violations()).isZero();
        calls.put(Face.AIS, object, SECOND.bytes(), "");
        check(false);
        assertThat(counts.wrong.sum()).isOne();
    }

    @Test
    void whatIsBegunWhileTheServerStandsStillIsNotInTheCrash() {
        history.mark();
        history.suspend();
        acknowledged(object, SECOND);
        check(false);
        assertThat(counts.inDoubt.sum()).isZero();
        assertThat(counts.violations()).isZero();
        calls.put(Face.AIS, object, SECOND.bytes(), "");
        check(false);
        assertThat(counts.violations()).isZero();
        history.mark();
        history.suspend();
        acknowledged(object, Value.ABSENT);
        check(false);
        assertThat(counts.violations()).isZero();
    }

    @Test
    void requestToAServerThatIsGoneIsKnownNotToHaveBeenSent() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        URI url = URI.create("http://127.0.0.1:" + port);
        assertThatThrownBy(() -> LoadClient.connect(url)).isInstanceOf(NotSentException.class);
    }

    @Test
    void requestThatTheServerDoesNotTakeToItsEndIsKnownNotToHaveBeenSent() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawHttp client = new RawHttp(URI.create("http://127.0.0.1:" + server.getLocalPort()))) {
            Socket accepted = server.accept();
            Thread.ofVirtual().start(() -> {
                try {
                    accepted.getInputStream().readNBytes(10);
                    accepted.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatThrownBy(() -> client.send("PUT", "/b/o", "", new byte[64 << 20]))
                    .isInstanceOf(NotSentException.class);
        }
    }

    @Test
    void goneObjectIsLost() {
        calls.delete(Face.S3, object);
        check(false);
        assertThat(counts.lost.sum()).isOne();
        assertThat(counts.findings().getFirst()).contains("none/a/b", "found nothing");
    }

    @Test
    void olderContentIsALoss() {
        acknowledged(object, SECOND);
        check(false);
        assertThat(counts.lost.sum()).isOne();
    }

    @Test
    void objectThatWasDeletedIsBack() {
        acknowledged(object, Value.ABSENT);
        check(false);
        assertThat(counts.back.sum()).isOne();
        check(true);
        assertThat(counts.lostAtNone.sum()).isOne();
        assertThat(counts.violations()).isOne();
    }

    @Test
    void otherBytesAreWrongWithAnyDurability() {
        calls.put(Face.S3, object, new byte[100], "n1");
        check(true);
        assertThat(counts.wrong.sum()).isOne();
    }

    @Test
    void otherMetadataIsHalfAnObject() {
        calls.put(Face.S3, object, FIRST.bytes(), "n2");
        check(true);
        assertThat(counts.halfVisible.sum()).isOne();
    }

    @Test
    void unknownObjectIsFoundInTheListing() {
        calls.put(Face.S3, new Entry("none", "unknown", Durability.NONE), new byte[1], "");
        check(true);
        assertThat(counts.halfVisible.sum()).isOne();
    }

    @Test
    void bucketThatLostItsObjectsBeforeItselfIsHalfDestroyed() {
        history.begin(List.of(new Change(bucket, Value.ABSENT), new Change(object, Value.ABSENT)));
        calls.delete(Face.AIS, object);
        check(false);
        assertThat(counts.halfVisible.sum()).isOne();
    }

    @Test
    void goneBucketIsLostAndUnknownOneIsWrong() {
        calls.destroyBucket("none");
        calls.createBucket("other", Durability.GROUP);
        check(true);
        assertThat(counts.lost.sum()).isOne();
        assertThat(counts.wrong.sum()).isOne();
    }

    @Test
    void goneUploadIsALoss() {
        String id = Calls.uploadId(calls.createUpload(object, "n"));
        OpenUpload upload = history.beginUpload(object, id);
        history.acknowledgePart(upload, Calls.entityTag(calls.putPart(object, id, 1, new byte[10])));
        history.mark();
        check(false);
        assertThat(counts.violations()).isZero();
        calls.abort(object, id);
        history.mark();
        check(false);
        assertThat(counts.lost.sum()).isOne();
    }

    private void acknowledged(Entry entry, Value value) {
        List<Change> changes = List.of(new Change(entry, value));
        history.begin(changes);
        history.acknowledge(changes);
    }

    private List<Change> check(boolean noneMayLose) {
        History.Expected expected = history.expected();
        return new Verification(cluster.url(), counts, noneMayLose).check(expected);
    }
}
