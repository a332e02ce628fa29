package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/// A `Page` as msgpack: an array of the truncation mark and the entries.
///
/// An entry is an array whose length tells its kind: the name alone is a rolled-up group, name and size are
/// an object without attributes, nine fields of `Page.Entry` are an object with them. Where several nodes
/// may have a name, epoch and change come behind the rest; name, epoch and change are an object that was
/// removed.
public final class PageCodec {
    public static final String CONTENT_TYPE = "application/msgpack";

    private static final int PAGE_FIELDS = 2;
    private static final int GROUP_FIELDS = 1;
    private static final int PLAIN_FIELDS = 2;
    private static final int REMOVED_FIELDS = 3;
    private static final int PLAIN_STAMPED_FIELDS = 4;
    private static final int ALL_FIELDS = 9;
    private static final int ALL_STAMPED_FIELDS = 11;

    private PageCodec() {}

    /// Encodes a page; entries carry name and size only unless `attributes`.
    public static byte[] encode(Page page, boolean attributes) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packArrayHeader(PAGE_FIELDS);
            packer.packBoolean(page.truncated());
            packer.packArrayHeader(page.entries().size());
            for (Page.Entry entry : page.entries()) {
                encode(entry, attributes, packer);
            }
            return packer.toByteArray();
        } catch (IOException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a listing page could not be encoded: " + e.getMessage(), e);
        }
    }

    /// Decodes what `encode` gave. Throws INTERNAL when the bytes are no page.
    public static Page decode(byte[] bytes) {
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(ByteBuffer.wrap(bytes))) {
            require(unpacker.unpackArrayHeader() == PAGE_FIELDS, "its head");
            boolean truncated = unpacker.unpackBoolean();
            int count = unpacker.unpackArrayHeader();
            List<Page.Entry> entries = new ArrayList<>(Math.min(count, bytes.length));
            for (int index = 0; index < count; index++) {
                entries.add(decodeEntry(unpacker));
            }
            require(!unpacker.hasNext(), "what is behind its last entry");
            return new Page(entries, truncated);
        } catch (IOException | MessagePackException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a listing page could not be decoded: " + e.getMessage(), e);
        }
    }

    private static void encode(Page.Entry entry, boolean attributes, MessageBufferPacker packer) throws IOException {
        packer.packArrayHeader(fields(entry, attributes));
        packer.packString(entry.name());
        if (entry.group()) {
            return;
        }
        if (entry.removed()) {
            packer.packLong(entry.epoch()).packLong(entry.change());
            return;
        }
        packer.packLong(entry.size());
        if (attributes) {
            packer.packLong(entry.modifiedMillis());
            packer.packLong(entry.accessedNanos());
            packer.packLong(entry.version());
            packer.packString(entry.etag());
            encode(entry.checksums(), packer);
            packer.packString(entry.compositeChecksum());
            encode(entry.custom(), packer);
        }
        if (entry.epoch() != 0) {
            packer.packLong(entry.epoch()).packLong(entry.change());
        }
    }

    private static int fields(Page.Entry entry, boolean attributes) {
        if (entry.group()) {
            return GROUP_FIELDS;
        }
        if (entry.removed()) {
            return REMOVED_FIELDS;
        }
        boolean stamped = entry.epoch() != 0;
        return attributes
                ? (stamped ? ALL_STAMPED_FIELDS : ALL_FIELDS)
                : (stamped ? PLAIN_STAMPED_FIELDS : PLAIN_FIELDS);
    }

    private static void encode(Map<String, String> pairs, MessageBufferPacker packer) throws IOException {
        packer.packMapHeader(pairs.size());
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            packer.packString(pair.getKey());
            packer.packString(pair.getValue());
        }
    }

    private static Page.Entry decodeEntry(MessageUnpacker unpacker) throws IOException {
        int fields = unpacker.unpackArrayHeader();
        String name = unpacker.unpackString();
        if (fields == GROUP_FIELDS) {
            return Page.Entry.group(name);
        }
        if (fields == REMOVED_FIELDS) {
            long epoch = unpacker.unpackLong();
            return Page.Entry.removed(name, epoch, unpacker.unpackLong());
        }
        long size = unpacker.unpackLong();
        return switch (fields) {
            case PLAIN_FIELDS -> plain(name, size);
            case PLAIN_STAMPED_FIELDS -> stamped(plain(name, size), unpacker);
            case ALL_FIELDS -> full(name, size, unpacker);
            case ALL_STAMPED_FIELDS -> stamped(full(name, size, unpacker), unpacker);
            default -> throw malformed("an entry of " + fields + " fields");
        };
    }

    private static Page.Entry plain(String name, long size) {
        return new Page.Entry(name, false, size, 0, 0, 0, "", Map.of(), "", Map.of());
    }

    private static Page.Entry full(String name, long size, MessageUnpacker unpacker) throws IOException {
        return new Page.Entry(
                name,
                false,
                size,
                unpacker.unpackLong(),
                unpacker.unpackLong(),
                unpacker.unpackLong(),
                unpacker.unpackString(),
                decodePairs(unpacker),
                unpacker.unpackString(),
                decodePairs(unpacker));
    }

    private static Page.Entry stamped(Page.Entry entry, MessageUnpacker unpacker) throws IOException {
        long epoch = unpacker.unpackLong();
        require(epoch != 0, "an entry that is stamped with no epoch");
        return entry.stamped(epoch, unpacker.unpackLong());
    }

    private static Map<String, String> decodePairs(MessageUnpacker unpacker) throws IOException {
        int count = unpacker.unpackMapHeader();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            pairs.put(unpacker.unpackString(), unpacker.unpackString());
        }
        return pairs;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw malformed(what);
        }
    }

    private static StoreException malformed(String what) {
        return new StoreException(ErrorCode.INTERNAL, "a listing page could not be decoded: " + what + " is malformed");
    }
}
