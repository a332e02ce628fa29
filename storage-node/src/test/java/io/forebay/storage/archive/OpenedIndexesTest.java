package io.forebay.storage.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.http.BodyBytes;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.MemberIndexer;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpenedIndexesTest {
    private static final ArchiveLimits LIMITS =
            Settings.of(ArchiveConfig.class).bind(Map.of()).limits();

    private final Metrics metrics = new Metrics();

    /// Bytes that count how often they are read.
    private static final class Counted implements SeekableBytes {
        private final SeekableBytes bytes;
        private int reads;

        Counted(byte[] bytes) {
            this.bytes = SeekableBytes.of(ByteBuffer.wrap(bytes));
        }

        @Override
        public long length() {
            return bytes.length();
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            reads++;
            bytes.read(offset, target);
        }
    }

    /// The index of a tar of empty members.
    private static byte[] index(String prefix, int members) {
        try (ArchiveOutput tar = new ArchiveOutput(ArchiveFormat.TAR, 0)) {
            for (int number = 0; number < members; number++) {
                tar.begin(prefix + number, 0);
                tar.end();
            }
            tar.finish();
            SeekableBytes bytes = SeekableBytes.of(tar.take());
            return BodyBytes.readAll(MemberIndexer.index(ArchiveFormat.TAR, bytes, LIMITS), 1 << 24);
        }
    }

    private OpenedIndexes indexes(long bytes) {
        return new OpenedIndexes(bytes, metrics, "node=\"n\"");
    }

    @Test
    void oneThatIsKnownCostsOneReadOfItsIndex() {
        byte[] bytes = index("m", 3000);
        OpenedIndexes indexes = indexes(1 << 20);
        assertThat(indexes.open("a", new Counted(bytes)).find("m2999")).isNotNull();
        Counted again = new Counted(bytes);
        MemberIndex index = indexes.open("a", again);
        assertThat(again.reads).isZero();
        assertThat(index.members()).isEqualTo(3000);
        assertThat(index.find("m1234")).isNotNull();
        assertThat(index.find("m3000")).isNull();
        assertThat(again.reads).isEqualTo(2);
        assertThat(metrics.text()).contains("forebay_archive_tables_missed_total{node=\"n\"} 1");
    }

    @Test
    void theOneThatWasReadLongestAgoLeaves() {
        byte[] first = index("a", 3000);
        byte[] second = index("b", 3000);
        int table = MemberIndex.open(SeekableBytes.of(ByteBuffer.wrap(first))).tableBytes();
        OpenedIndexes indexes = indexes(2L * (table + 300));
        indexes.open("a", new Counted(first));
        indexes.open("b", new Counted(second));
        indexes.open("a", new Counted(first));
        indexes.open("c", new Counted(second));
        assertThat(reads(indexes, "a", first)).isZero();
        assertThat(reads(indexes, "c", second)).isZero();
        assertThat(reads(indexes, "b", second)).isPositive();
        assertThat(metrics.text()).contains("forebay_archive_tables_dropped_total{node=\"n\"} 2");
        indexes.drop("b");
        indexes.drop("b");
        assertThat(reads(indexes, "b", second)).isPositive();
    }

    private static int reads(OpenedIndexes indexes, String identity, byte[] bytes) {
        Counted source = new Counted(bytes);
        indexes.open(identity, source);
        return source.reads;
    }

    @Test
    void nothingIsKeptWithoutMemoryForItOrOfWhatIsNoIndex() {
        byte[] bytes = index("m", 10);
        OpenedIndexes none = indexes(0);
        none.open("a", new Counted(bytes));
        assertThat(reads(none, "a", bytes)).isPositive();
        assertThat(metrics.text()).contains("forebay_archive_table_bytes{node=\"n\"} 0");
        OpenedIndexes indexes = new OpenedIndexes(1 << 20, new Metrics(), "");
        assertThatThrownBy(() -> indexes.open("a", new Counted(new byte[200]))).isInstanceOf(StoreException.class);
        assertThat(reads(indexes, "a", bytes)).isPositive();
    }
}
