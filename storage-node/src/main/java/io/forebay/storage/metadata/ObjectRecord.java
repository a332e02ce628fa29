package io.forebay.storage.metadata;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.VersionId;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the index holds of one object or part: its attributes, and where its bytes are.
///
/// Immutable. Decoded piece by piece when asked, so that a GET pays for what its reply shows.
public final class ObjectRecord {
    /*
     * One pass at construction finds where each section begins; sections are decoded on demand from the value's bytes,
     * which are never changed after they were handed over.
     */
    /// In `flags`, above those of the value's first byte of them.
    private static final int SEALED = RecordCodec.SEALED << 8;

    private final byte[] value;
    private final int flags;
    private final long size;
    private final long modifiedMillis;
    private final long version;
    private final long stampEpoch;
    private final long stampVersion;
    private final int checksumsAt;
    private final int etagAt;
    private final int compositeAt;
    private final int systemAt;
    private final int customAt;
    private final int extentsAt;

    private ObjectRecord(byte[] value) {
        this.value = value;
        ByteReader in = new ByteReader(value, Location.BYTES);
        this.flags = Location.flags(value) | Location.furtherFlags(value, in) << 8;
        this.size = in.readVarint();
        this.modifiedMillis = in.readFixed(RecordCodec.TIME_BYTES);
        this.version = in.readVarint();
        boolean stamped = has(RecordCodec.STAMPED);
        this.stampEpoch = stamped ? in.readVarint() : 0;
        this.stampVersion = stamped ? version + in.readVarint() : version;
        in.skip(has(RecordCodec.ACCESSED) ? RecordCodec.TIME_BYTES : 0);
        this.checksumsAt = in.position();
        skipChecksums(in);
        this.etagAt = in.position();
        skipEtag(in);
        this.compositeAt = in.position();
        if (has(RecordCodec.COMPOSITE)) {
            in.skipText();
        }
        this.systemAt = in.position();
        RecordCodec.skipSystem(in);
        this.customAt = in.position();
        RecordCodec.skipTexts(in);
        if (isSealed()) {
            RecordCodec.skipSeal(in);
        }
        this.extentsAt = in.position();
        if (size < 0 || stampEpoch < 0 || stampVersion < version) {
            throw ByteReader.corrupt();
        }
    }

    /// The record that a value encodes; the array belongs to the record from now on. Throws CORRUPT when it
    /// cannot be decoded.
    public static ObjectRecord of(byte[] value) {
        return new ObjectRecord(value);
    }

    /// The bytes that are stored: of ciphertext, where the record is sealed, and so are its checksums and parts.
    public long size() {
        return size;
    }

    /// The object's length in bytes as its readers see it.
    public long contentSize() {
        return isSealed() ? sealReader().readVarint() : size;
    }

    /// Whether the bytes are ciphertext.
    public boolean isSealed() {
        return has(SEALED);
    }

    /// What is kept of the encryption of the bytes; null when they are the content itself.
    public @Nullable Seal seal() {
        return isSealed() ? RecordCodec.readSeal(sealReader()) : null;
    }

    /// When this content was committed, in milliseconds since the epoch.
    public long modifiedMillis() {
        return modifiedMillis;
    }

    /// When the content was last known to be read; its commit when never.
    public long accessedMillis() {
        return has(RecordCodec.ACCESSED)
                ? new ByteReader(value, checksumsAt - RecordCodec.TIME_BYTES).readFixed(RecordCodec.TIME_BYTES)
                : modifiedMillis;
    }

    /// Counted from 1 per object name, with each content.
    public long version() {
        return version;
    }

    /// When the object was last changed, its attributes included.
    public Stamp stamp() {
        return new Stamp(stampEpoch, stampVersion);
    }

    /// Whether this is the newer of two records of a key on one node: those that only moved are equal.
    public boolean isNewerThan(ObjectRecord other) {
        int order = Long.compare(stampEpoch, other.stampEpoch);
        order = order != 0 ? order : Long.compare(stampVersion, other.stampVersion);
        return order != 0 ? order > 0 : modifiedMillis > other.modifiedMillis;
    }

    /// The entity tag without quotes: the one given at completion, else hex MD5 where an MD5 is kept, else the
    /// hex xxhash64 followed by `-x`.
    public String etag() {
        String explicit = explicitEtag();
        if (explicit != null) {
            return explicit;
        }
        Checksum md5 = checksum(ChecksumType.MD5);
        if (md5 != null) {
            return md5.hex();
        }
        Checksum xxhash = checksum(ChecksumType.XXHASH64);
        return xxhash == null ? version + "-x" : xxhash.hex() + "-x";
    }

    public @Nullable Checksum checksum(ChecksumType wanted) {
        ByteReader in = new ByteReader(value, checksumsAt);
        for (int left = in.readByte(); left > 0; left--) {
            ChecksumType type = RecordCodec.type(in.readByte());
            if (type == wanted) {
                return Checksum.of(type, in.readBytes(type.digestBytes()));
            }
            in.skip(type.digestBytes());
        }
        return null;
    }

    public List<Checksum> checksums() {
        ByteReader in = new ByteReader(value, checksumsAt);
        int count = in.readByte();
        List<Checksum> checksums = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            checksums.add(RecordCodec.readChecksum(in));
        }
        return checksums;
    }

    /// `algorithm=base64-N`, or null.
    public @Nullable String compositeChecksum() {
        return has(RecordCodec.COMPOSITE) ? new ByteReader(value, compositeAt).readText() : null;
    }

    /// The number of parts of a multipart object, 0 for a plain one.
    public int partCount() {
        return has(RecordCodec.PARTS) ? partsReader().readCount() : 0;
    }

    /// The parts of a multipart object by number; empty for a plain one.
    public List<PartSpan> parts() {
        if (!has(RecordCodec.PARTS)) {
            return List.of();
        }
        ByteReader in = partsReader();
        int count = in.readCount();
        List<PartSpan> parts = new ArrayList<>(count);
        long offset = 0;
        for (int index = 0; index < count; index++) {
            PartSpan part = RecordCodec.readPart(in, offset);
            parts.add(part);
            offset += part.length();
        }
        return parts;
    }

    /// The part of that number, or null.
    public @Nullable PartSpan part(int number) {
        if (!has(RecordCodec.PARTS)) {
            return null;
        }
        ByteReader in = partsReader();
        long offset = 0;
        for (int left = in.readCount(); left > 0; left--) {
            PartSpan part = RecordCodec.readPart(in, offset);
            if (part.number() == number) {
                return part;
            }
            offset += part.length();
        }
        return null;
    }

    public Map<String, String> system() {
        return RecordCodec.readSystem(new ByteReader(value, systemAt));
    }

    /// The id of the version that the record is, or `null`.
    public String versionId() {
        return system().getOrDefault(VersionId.ATTRIBUTE, VersionId.NULL);
    }

    /// Whether the version says that the object was removed.
    public boolean isDeleteMarker() {
        return system().containsKey(VersionId.MARKER);
    }

    public Map<String, String> custom() {
        return RecordCodec.readTexts(new ByteReader(value, customAt));
    }

    /// Everything together.
    public ObjectAttributes attributes() {
        return new ObjectAttributes(
                size,
                modifiedMillis,
                version,
                etag(),
                checksums(),
                compositeChecksum(),
                partCount(),
                system(),
                custom());
    }

    /// Whether the bytes lie in the record's own log record, behind its header.
    public boolean isInline() {
        return has(RecordCodec.INLINE);
    }

    /// Where the bytes are. Those of an inline record follow the header of its log record.
    public Extents extents() {
        if (isInline()) {
            return Extents.ofSegment(segment(), inlineOffset(), size);
        }
        ByteReader in = new ByteReader(value, extentsAt);
        int count = in.readCount();
        return Extents.of(value, in.position(), count);
    }

    /// The value of this record with its bytes elsewhere, as the log carries it. The new extents have as many
    /// bytes.
    public byte[] withExtents(Extents next) {
        ByteReader in = partsReader();
        int flags = this.flags & 0xFF & ~(RecordCodec.INLINE | RecordCodec.OWN_EXTENTS);
        flags |= next.hasOwn() ? RecordCodec.OWN_EXTENTS : 0;
        ByteWriter out = new ByteWriter(value.length + (next.count() + 1) * Extents.EXTENT_BYTES);
        int furtherFlags = isSealed() ? RecordCodec.SEALED : 0;
        Location.begin(out, flags, furtherFlags);
        int from = furtherFlags == 0 ? Location.BYTES : Location.BYTES + 1;
        out.putBytes(value, from, extentsAt - from);
        next.write(out);
        return out.putBytes(value, in.position(), value.length - in.position()).toBytes();
    }

    /// Fills the place of its log record into a value that comes into the index.
    ///
    /// @param overhead the bytes of the record, padding included, apart from object data
    public static void place(byte[] value, long segment, int offset, int overhead) {
        Location.fill(value, segment, offset, overhead);
        if ((Location.flags(value) & RecordCodec.OWN_EXTENTS) != 0) {
            ObjectRecord record = new ObjectRecord(value);
            record.extents().resolveOwn(segment, record.inlineOffset());
            value[1] &= (byte) ~RecordCodec.OWN_EXTENTS;
        }
    }

    /// The segment that has the record's log record.
    public long segment() {
        return Location.segment(value);
    }

    /// Where the bytes of an inline record begin in its segment.
    public long inlineOffset() {
        return Integer.toUnsignedLong(Location.offset(value)) + Location.INLINE_DATA_AT;
    }

    /// The bytes that the record's log record takes apart from object data.
    public int overhead() {
        return Location.overhead(value);
    }

    /// The encoded value. Never changed by the receiver.
    public byte[] value() {
        return value;
    }

    @Nullable
    String explicitEtag() {
        if (has(RecordCodec.ETAG_OF_PARTS)) {
            byte[] digest = new ByteReader(value, etagAt).readBytes(RecordCodec.DIGEST_BYTES);
            return HexFormat.of().formatHex(digest) + "-" + partCount();
        }
        return has(RecordCodec.ETAG_TEXT) ? new ByteReader(value, etagAt).readText() : null;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private ByteReader partsReader() {
        ByteReader in = new ByteReader(value, extentsAt);
        if (!isInline()) {
            long bytes = in.readCount() * (long) Extents.EXTENT_BYTES;
            in.skip(bytes > Integer.MAX_VALUE ? -1 : (int) bytes);
        }
        return in;
    }

    private ByteReader sealReader() {
        ByteReader in = new ByteReader(value, customAt);
        RecordCodec.skipTexts(in);
        return in;
    }

    private static void skipChecksums(ByteReader in) {
        for (int left = in.readByte(); left > 0; left--) {
            in.skip(RecordCodec.type(in.readByte()).digestBytes());
        }
    }

    private void skipEtag(ByteReader in) {
        if (has(RecordCodec.ETAG_OF_PARTS)) {
            in.skip(RecordCodec.DIGEST_BYTES);
        } else if (has(RecordCodec.ETAG_TEXT)) {
            in.skipText();
        }
    }
}
