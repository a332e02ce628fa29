package io.forebay.storage.metadata;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Object records as bytes, formats 1 to 4 (`docs/storage-format.md`).
final class RecordCodec {
    /// The bytes are in the log record that carries the value.
    static final int INLINE = 1;
    /// The entity tag is a digest and the number of parts.
    static final int ETAG_OF_PARTS = 1 << 1;
    /// The entity tag is a text.
    static final int ETAG_TEXT = 1 << 2;
    static final int COMPOSITE = 1 << 3;
    static final int PARTS = 1 << 4;
    static final int ACCESSED = 1 << 5;
    /// Some extents lie in the data of the log record that carries the value; only in the log.
    static final int OWN_EXTENTS = 1 << 6;
    /// The stamp is not that of epoch 0 with the object's version.
    static final int STAMPED = 1 << 7;

    /// Of the further flags: the bytes are ciphertext.
    static final int SEALED = 1;

    static final int TIME_BYTES = 6;
    static final int DIGEST_BYTES = 16;

    /// Header names that take one byte. The order is part of the format: new ones go to the end.
    private static final List<String> NAMES = List.of(
            "content-type",
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "expires",
            "x-amz-storage-class",
            "x-amz-website-redirect-location");

    /// Types by their code in the format, which is not their ordinal in the enum: new ones go to the end.
    private static final List<ChecksumType> TYPES = List.of(
            ChecksumType.XXHASH64,
            ChecksumType.MD5,
            ChecksumType.CRC32,
            ChecksumType.CRC32C,
            ChecksumType.CRC64NVME,
            ChecksumType.SHA1,
            ChecksumType.SHA256,
            ChecksumType.SHA512,
            ChecksumType.XXHASH3,
            ChecksumType.XXHASH128);

    private RecordCodec() {}

    static byte[] encode(RecordDraft draft) {
        ByteWriter out = new ByteWriter(192);
        boolean etagOfParts = isEtagOfParts(draft);
        Location.begin(out, flags(draft, etagOfParts), draft.seal() == null ? 0 : SEALED);
        out.putVarint(draft.size());
        out.putFixed(draft.modifiedMillis(), TIME_BYTES);
        out.putVarint(draft.version());
        if (isStamped(draft)) {
            out.putVarint(draft.stamp().epoch());
            out.putVarint(draft.stamp().version() - draft.version());
        }
        if (draft.accessedMillis() != draft.modifiedMillis()) {
            out.putFixed(draft.accessedMillis(), TIME_BYTES);
        }
        writeChecksums(draft.checksums(), out);
        if (draft.etag() != null) {
            writeEtag(draft.etag(), etagOfParts, out);
        }
        if (draft.compositeChecksum() != null) {
            out.putText(draft.compositeChecksum());
        }
        writeSystem(draft.system(), out);
        writeTexts(draft.custom(), out);
        if (draft.seal() != null) {
            writeSeal(draft.seal(), out);
        }
        if (draft.extents() != null) {
            draft.extents().write(out);
        }
        if (!draft.parts().isEmpty()) {
            writeParts(draft.parts(), out);
        }
        return out.toBytes();
    }

    private static int flags(RecordDraft draft, boolean etagOfParts) {
        int flags = draft.extents() == null ? INLINE : 0;
        if (draft.etag() != null) {
            flags |= etagOfParts ? ETAG_OF_PARTS : ETAG_TEXT;
        }
        flags |= draft.compositeChecksum() == null ? 0 : COMPOSITE;
        flags |= draft.parts().isEmpty() ? 0 : PARTS;
        flags |= isStamped(draft) ? STAMPED : 0;
        flags |= draft.accessedMillis() == draft.modifiedMillis() ? 0 : ACCESSED;
        return flags;
    }

    private static boolean isStamped(RecordDraft draft) {
        return draft.stamp().epoch() != 0 || draft.stamp().version() != draft.version();
    }

    private static boolean isEtagOfParts(RecordDraft draft) {
        String etag = draft.etag();
        int hexDigits = 2 * DIGEST_BYTES;
        if (etag == null || draft.parts().isEmpty() || etag.length() <= hexDigits) {
            return false;
        }
        return etag.substring(hexDigits).equals("-" + draft.parts().size()) && isLowerHex(etag, hexDigits);
    }

    private static boolean isLowerHex(String text, int count) {
        for (int index = 0; index < count; index++) {
            char c = text.charAt(index);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    private static void writeEtag(String etag, boolean ofParts, ByteWriter out) {
        if (ofParts) {
            out.putBytes(HexFormat.of().parseHex(etag, 0, 2 * DIGEST_BYTES));
        } else {
            out.putText(etag);
        }
    }

    private static void writeChecksums(List<Checksum> checksums, ByteWriter out) {
        out.putByte(checksums.size());
        for (Checksum checksum : checksums) {
            writeChecksum(checksum, out);
        }
    }

    private static void writeChecksum(Checksum checksum, ByteWriter out) {
        out.putByte(TYPES.indexOf(checksum.type()) + 1).putBytes(checksum.digest());
    }

    static Checksum readChecksum(ByteReader in) {
        ChecksumType type = type(in.readByte());
        return Checksum.of(type, in.readBytes(type.digestBytes()));
    }

    /// The type with that code, which is 1 or more.
    static ChecksumType type(int code) {
        if (code < 1 || code > TYPES.size()) {
            throw ByteReader.corrupt();
        }
        return TYPES.get(code - 1);
    }

    /// Names are a varint: odd is a known name's index, even is the length of the name that follows; both
    /// shifted.
    static void writeSystem(Map<String, String> system, ByteWriter out) {
        out.putVarint(system.size());
        system.forEach((name, value) -> {
            int known = NAMES.indexOf(name);
            if (known >= 0) {
                out.putVarint(known << 1 | 1);
            } else {
                byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
                out.putVarint((long) encoded.length << 1).putBytes(encoded);
            }
            out.putText(value);
        });
    }

    static Map<String, String> readSystem(ByteReader in) {
        int count = in.readCount();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> system = LinkedHashMap.newLinkedHashMap(count);
        for (int index = 0; index < count; index++) {
            String name = readName(in);
            system.put(name, in.readText());
        }
        return system;
    }

    static void skipSystem(ByteReader in) {
        int count = in.readCount();
        for (int index = 0; index < count; index++) {
            long name = in.readVarint();
            if ((name & 1) == 0) {
                in.skip(length(name >> 1));
            }
            in.skipText();
        }
    }

    private static String readName(ByteReader in) {
        long name = in.readVarint();
        if ((name & 1) == 0) {
            return in.readText(length(name >> 1));
        }
        if (name >> 1 >= NAMES.size()) {
            throw ByteReader.corrupt();
        }
        return NAMES.get((int) (name >> 1));
    }

    private static int length(long value) {
        return value < 0 || value > Integer.MAX_VALUE ? -1 : (int) value;
    }

    static void writeTexts(Map<String, String> texts, ByteWriter out) {
        out.putVarint(texts.size());
        texts.forEach((name, value) -> out.putText(name).putText(value));
    }

    static Map<String, String> readTexts(ByteReader in) {
        int count = in.readCount();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> texts = LinkedHashMap.newLinkedHashMap(count);
        for (int index = 0; index < count; index++) {
            String name = in.readText();
            texts.put(name, in.readText());
        }
        return texts;
    }

    static void skipTexts(ByteReader in) {
        int count = in.readCount();
        for (int index = 0; index < count; index++) {
            in.skipText();
            in.skipText();
        }
    }

    static void writeSeal(Seal seal, ByteWriter out) {
        out.putVarint(seal.contentSize()).putVarint(seal.bytes().length).putBytes(seal.bytes());
    }

    static Seal readSeal(ByteReader in) {
        long contentSize = in.readVarint();
        return new Seal(contentSize, in.readBytes(in.readCount()));
    }

    static void skipSeal(ByteReader in) {
        in.readVarint();
        in.skip(in.readCount());
    }

    private static void writeParts(List<PartSpan> parts, ByteWriter out) {
        out.putVarint(parts.size());
        for (PartSpan part : parts) {
            out.putVarint(part.number()).putVarint(part.length());
            if (part.checksum() == null) {
                out.putByte(0);
            } else {
                writeChecksum(part.checksum(), out);
            }
        }
    }

    /// Reads the part at the reader, which begins at that offset in the object.
    static PartSpan readPart(ByteReader in, long offset) {
        long number = in.readVarint();
        long length = in.readVarint();
        int code = in.readByte();
        @Nullable Checksum checksum = null;
        if (code != 0) {
            ChecksumType type = type(code);
            checksum = Checksum.of(type, in.readBytes(type.digestBytes()));
        }
        return new PartSpan((int) number, offset, length, checksum);
    }
}
