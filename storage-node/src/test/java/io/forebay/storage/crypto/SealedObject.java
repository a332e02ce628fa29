package io.forebay.storage.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An encrypted object in memory: its record, and its stored bytes.
@SuppressWarnings("ArrayRecordComponent") // Bytes, which nobody compares by this record.
record SealedObject(ObjectRecord record, byte[] stored) {
    static final Bucket BUCKET = new Bucket(BucketName.of("b"), 7, 0, new TreeMap<>(), false);
    static final ObjectKey KEY = new ObjectKey(BucketName.of("b"), "folder/name");

    Seal seal() {
        return Objects.requireNonNull(record.seal());
    }

    /// Content that differs from place to place.
    static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    /// Writes content in pieces of that many bytes.
    static SealedObject of(Sealing sealing, byte[] content, int pieceBytes) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (Sealer sealer = sealing.sealer()) {
            for (int at = 0; at < content.length; at += pieceBytes) {
                ByteBuffer piece = ByteBuffer.allocateDirect(Math.min(pieceBytes, content.length - at));
                piece.put(content, at, piece.capacity()).flip();
                sealer.write(piece, bytes -> take(bytes, stored));
            }
            sealer.end(bytes -> take(bytes, stored));
            List<Checksum> checksums = List.of(md5(content));
            return of(stored.toByteArray(), sealer.seal(checksums), sealer.etag(checksums));
        }
    }

    static SealedObject of(byte[] stored, @Nullable Seal seal, String etag) {
        RecordDraft draft = new RecordDraft(
                stored.length,
                5,
                6,
                1,
                List.of(),
                etag,
                null,
                Map.of("content-type", "a/b"),
                Map.of(),
                null,
                List.of());
        return new SealedObject(ObjectRecord.of(draft.withSeal(seal).encode()), stored);
    }

    static Checksum md5(byte[] content) {
        Checksummer md5 = Checksummers.of(ChecksumType.MD5);
        md5.update(ByteBuffer.wrap(content));
        return md5.finish();
    }

    /// Reads a range of the content from no more stored bytes than it needs, which are in pieces of that many.
    byte[] read(OpenedRecord opened, ByteRange range, int pieceBytes) {
        ByteRange needed = opened.stored(range);
        List<FileSlice> slices = new ArrayList<>();
        for (long at = needed.offset(); at <= needed.last(); at += pieceBytes) {
            slices.add(new Slice(stored, at, Math.min(pieceBytes, needed.last() + 1 - at)));
        }
        byte[] fromSlices = read(opened.source(slices, range));
        byte[] passedThrough = read(opened.source(new PayloadSource(new Payload.Slices(slices)), range));
        assertThat(passedThrough).isEqualTo(fromSlices);
        return fromSlices;
    }

    private static byte[] read(ByteSource bytes) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (bytes) {
            for (ByteBuffer next = bytes.next(); next != null; next = bytes.next()) {
                take(next, content);
            }
        }
        return content.toByteArray();
    }

    private static void take(ByteBuffer bytes, ByteArrayOutputStream out) {
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        out.writeBytes(taken);
    }

    /// Stored bytes as if they were in a file.
    @SuppressWarnings("ArrayRecordComponent") // Bytes, which nobody compares by this record.
    private record Slice(byte[] bytes, long offset, long length) implements FileSlice {
        @Override
        public FileChannel channel() {
            throw new IllegalStateException("bytes in memory have no file");
        }

        @Override
        public boolean readNow(long from, ByteBuffer target) {
            read(from, target);
            return true;
        }

        @Override
        public void read(long from, ByteBuffer target) {
            target.put(bytes, (int) (offset + from), target.remaining());
        }

        @Override
        public void close() {}
    }
}
