package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.packed.GzipPacker;
import io.forebay.transform.archive.packed.Lz4Packer;
import io.forebay.transform.archive.packed.Packer;
import io.forebay.transform.archive.zip.ZipWriter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Makes an archive in one pass, member by member, each with a size that is known beforehand: tgz and zip are
/// packed at the best speed, tar.lz4 into independent blocks of 256 KiB.
///
/// Names are taken as they come, twice too. For one thread at a time; whoever opens a writer closes it.
public final class ArchiveWriter implements AutoCloseable {
    private final Form form;
    private String name = "";
    private long size;
    private long written;

    ArchiveWriter(Form form) {
        this.form = form;
    }

    /// Begins an archive. What the sink throws comes out of every method.
    public static ArchiveWriter open(ArchiveFormat format, ArchiveSink sink) {
        return new ArchiveWriter(
                switch (format) {
                    case TAR -> new TarForm(Packer.none(sink));
                    case TGZ -> new TarForm(new GzipPacker(sink));
                    case TAR_LZ4 -> new TarForm(new Lz4Packer(sink));
                    case ZIP -> new ZipForm(new ZipWriter(sink));
                });
    }

    /// Begins a member of that many bytes. Throws INVALID_ARGUMENT for a name that no archive can have.
    public void begin(String memberName, long memberSize, long modifiedMillis) {
        if (memberName.isEmpty() || memberName.indexOf('\0') >= 0 || memberName.length() > 0xFFFF / 3) {
            throw Refusal.malformed("%s cannot be the name of a member", Refusal.shown(memberName));
        }
        name = memberName;
        size = memberSize;
        written = 0;
        form.begin(memberName, memberSize, modifiedMillis);
    }

    /// The next bytes of the member, all that remain in the buffer, which is the caller's again when this
    /// returns.
    public void write(ByteBuffer bytes) {
        pass(bytes.remaining());
        form.body(bytes);
    }

    /// Counts bytes of the member that go to where the archive goes by themselves: only a tar that is not
    /// packed has them as they are.
    public void pass(long bytes) {
        written += bytes;
        if (written > size) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the member " + Refusal.shown(name) + " has more than " + size + " bytes");
        }
    }

    /// Ends the member. Throws INCOMPLETE_BODY when bytes of it are missing.
    public void end() {
        if (written != size) {
            throw new StoreException(
                    ErrorCode.INCOMPLETE_BODY,
                    "the member " + Refusal.shown(name) + " has " + written + " bytes of " + size);
        }
        form.end(size);
    }

    /// Writes one member, whose bytes stay the caller's to close.
    public void put(String memberName, long memberSize, long modifiedMillis, ByteSource content) {
        begin(memberName, memberSize, modifiedMillis);
        for (@Nullable ByteBuffer next = content.next(); next != null; next = content.next()) {
            write(next);
        }
        end();
    }

    /// Ends the archive; nothing is written after it.
    public void finish() {
        form.finish();
    }

    @Override
    public void close() {
        form.close();
    }

    /// What is around the members.
    interface Form extends AutoCloseable {
        void begin(String name, long size, long modifiedMillis);

        void body(ByteBuffer bytes);

        void end(long size);

        void finish();

        @Override
        void close();
    }
}
