package io.forebay.bench.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.bench.load.ObjectNames;
import io.forebay.common.config.Settings;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.transform.archive.ArchiveReader;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class FeedScenarioTest {
    @Test
    void unknownRowsAreRefused() {
        assertThatThrownBy(() -> Settings.of(FeedConfig.class).bind(Map.of("only", "batch,reads")))
                .hasMessageContaining("there is no row reads");
    }

    @Test
    void aShardIsATarOfItsMembers() {
        TarShard shard = new TarShard("s.tar", 700_001, 5);
        ByteBuffer all = ByteBuffer.allocate((int) shard.bytes());
        Iterator<ByteBuffer> chunks = shard.chunks();
        while (chunks.hasNext()) {
            all.put(chunks.next());
        }
        assertThat(all.hasRemaining()).isFalse();
        ArchiveLimits limits = Settings.of(ArchiveLimits.class).bind(Map.of());
        try (ArchiveReader reader = ArchiveReader.open(ArchiveFormat.TAR, SeekableBytes.of(all.flip()), limits)) {
            for (int number = 0; number < shard.members(); number++) {
                Member member = Objects.requireNonNull(reader.next());
                assertThat(member.name()).isEqualTo(TarShard.member(number));
                ByteBuffer body = ByteBuffer.allocate(shard.memberBytes());
                var content = reader.content();
                for (ByteBuffer bytes = content.next(); bytes != null; bytes = content.next()) {
                    body.put(bytes);
                }
                shard.require(number, body.array());
            }
            assertThat(reader.next()).isNull();
        }
    }

    @Test
    void batchesAskForAsManyEntriesAsWereWanted() {
        BatchSource source = new BatchSource("b", 3, 10, number -> "{\"objname\":\"" + ObjectNames.of(number) + "\"}");
        ByteBuffer target = ByteBuffer.allocate(source.requestBytes());
        source.next(target);
        String request = new String(target.array(), 0, target.position(), StandardCharsets.US_ASCII);
        assertThat(request).startsWith("GET /v1/ml/moss/b HTTP/1.1\r\n");
        byte[] message = request.substring(request.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.US_ASCII);
        BatchRequest read = WireJson.read(message, BatchRequest.class);
        assertThat(read.streams()).isTrue();
        assertThat(read.entries()).hasSize(3);
        assertThat(request).contains("Content-Length: " + message.length + "\r\n");
    }
}
