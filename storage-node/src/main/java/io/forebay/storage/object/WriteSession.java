package io.forebay.storage.object;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ChecksumSet;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Seal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The writing of one object or part: bytes in, then one commit. What is not committed is never seen, and
/// closing gives its space back.
///
/// For one thread at a time. Whoever began it closes it, after a commit too.
public final class WriteSession implements AutoCloseable {
    private static final List<ChecksumType> ALWAYS = List.of(ChecksumType.XXHASH64);

    private final String subject;
    private final WriteOptions options;
    private final ByteSink sink;
    private final ChecksumSet checksums;
    private final @Nullable SealedBytes sealed;
    private final @Nullable Follower follower;
    private final Target target;
    private final List<Checksum> expected = new ArrayList<>(1);
    private long size;
    private @Nullable Written written;
    private @Nullable ObjectRecord committed;

    /// @param subject what is written, for messages
    WriteSession(String subject, WriteOptions options, ByteSink sink, Target target) {
        this.subject = subject;
        this.options = options;
        this.sink = sink;
        this.target = target;
        this.checksums = ChecksumSet.of(types(options));
        this.sealed = options.sealer() == null ? null : new SealedBytes(options.sealer(), sink);
        this.follower = sealed == null ? options.follower() : null;
    }

    /// What a session's bytes become when they are committed: `ObjectWriter` says that they are kept.
    @FunctionalInterface
    interface Target {
        ObjectRecord commit(Written written, Conditions conditions);
    }

    /// The bytes of a session, complete and verified.
    ///
    /// @param checksums of the stored bytes, those to keep
    /// @param etag one of its own, or null
    /// @param seal what is kept of their encryption, or null
    record Written(
            WriteOptions options,
            ByteSink sink,
            List<Checksum> checksums,
            @Nullable String etag,
            @Nullable Seal seal) {
        /// The record of the bytes, wherever they come to be.
        RecordDraft draft(long modifiedMillis, long version) {
            RecordDraft draft = new RecordDraft(
                    sink.size(),
                    modifiedMillis,
                    modifiedMillis,
                    version,
                    checksums,
                    etag,
                    null,
                    options.system(),
                    options.custom(),
                    null,
                    List.of());
            return draft.withSeal(seal);
        }
    }

    /// Takes all remaining bytes; the buffer is the caller's again when this returns. Throws TOO_LARGE when
    /// there are more than announced, NO_SPACE or VOLUME_FAILED when they cannot be stored; the session is
    /// then only good to be closed.
    public void write(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        int count = bytes.remaining();
        if (options.length() >= 0 && size + count > options.length()) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE, subject + ": more bytes than the " + options.length() + " announced");
        }
        checksums.update(bytes);
        if (follower != null) {
            follower.accept(bytes.duplicate());
        }
        if (sealed == null) {
            sink.write(bytes);
        } else {
            sealed.write(bytes);
        }
        size += count;
    }

    /// Adds a checksum that the bytes must have; may come after them, but its type must be among those kept or
    /// verified.
    public void expect(Checksum checksum) {
        Check.argument(
                types(options).contains(checksum.type()),
                "checksum %s was not announced",
                checksum.type().wireName());
        expected.add(checksum);
    }

    /// How many bytes were taken so far.
    public long size() {
        return size;
    }

    /// The bytes that came, after a commit that failed; until the session is closed.
    public Content content() {
        return sealed == null ? sink.content() : sealed.content(size);
    }

    /// All bytes that came, verified as `commit` does it and throwing as it does, of a session that is not
    /// committed; until it is closed.
    public Content complete() {
        requireAll();
        written();
        ObjectWriter.prepare(sink, Durability.NONE);
        return content();
    }

    /// Makes the object (or part) durable as its bucket says, then visible, and returns its record, of one that is
    /// encrypted as its readers see it.
    ///
    /// Throws CHECKSUM_MISMATCH (the type's name is the message's first word), INCOMPLETE_BODY when fewer bytes
    /// came than announced, PRECONDITION_FAILED or NO_SUCH_OBJECT by the conditions, NO_SUCH_UPLOAD for a
    /// part of an upload that ended, NO_SUCH_BUCKET when the bucket refuses writes, NO_SPACE, VOLUME_FAILED.
    /// Nothing is visible then. May be called again after a failure other than those of the first two.
    public ObjectRecord commit(Conditions conditions) {
        Check.that(committed == null, "%s was committed already", subject);
        requireAll();
        ObjectRecord record = target.commit(written(), conditions);
        committed = record;
        return sealed == null ? record : sealed.opened(record);
    }

    private void requireAll() {
        if (options.length() >= 0 && size < options.length()) {
            throw new StoreException(
                    ErrorCode.INCOMPLETE_BODY,
                    subject + ": " + size + " bytes came of the " + options.length() + " announced");
        }
    }

    /// Drops the bytes unless they were committed.
    @Override
    public void close() {
        if (sealed != null) {
            sealed.close();
        }
        if (follower != null) {
            follower.close();
        }
        sink.close();
    }

    /// What is committed: made once, for a commit that is tried again.
    private Written written() {
        Written known = written;
        if (known == null) {
            List<Checksum> verified = verify();
            if (follower != null) {
                sink.keepBeside(follower);
            }
            known = sealed == null ? new Written(options, sink, verified, null, null) : sealed.end(options, verified);
            written = known;
        }
        return known;
    }

    private List<Checksum> verify() {
        List<Checksum> keep = new ArrayList<>(2);
        List<Checksum> computed = checksums.finish();
        for (Checksum checksum : computed) {
            for (Checksum wanted : expected) {
                if (wanted.type() == checksum.type() && !wanted.equals(checksum)) {
                    throw new StoreException(
                            ErrorCode.CHECKSUM_MISMATCH,
                            checksum.type().wireName() + " of " + subject + " is " + checksum.hex() + ", not "
                                    + wanted.hex());
                }
            }
            if (checksum.type() == ChecksumType.XXHASH64 || options.keep().contains(checksum.type())) {
                keep.add(checksum);
            }
        }
        return keep;
    }

    private static Collection<ChecksumType> types(WriteOptions options) {
        if (options.keep().isEmpty() && options.verify().isEmpty()) {
            return ALWAYS;
        }
        Set<ChecksumType> types = new LinkedHashSet<>(ALWAYS);
        types.addAll(options.keep());
        types.addAll(options.verify());
        return types;
    }
}
