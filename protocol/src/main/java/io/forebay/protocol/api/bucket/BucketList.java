package io.forebay.protocol.api.bucket;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/// AIStore's page of a listing (`cmn/objlist.go`): msgpack for its clients, JSON for everyone else.
///
/// @param uuid the listing's session id, never empty
/// @param token where the next page begins, empty at the end
public record BucketList(String uuid, String token, List<BucketList.Entry> entries) {

    /// One object, or one virtual directory. Empty texts and zeros are not sent.
    public record Entry(
            String name,
            String checksum,
            String atime,
            String version,
            String location,
            String custom,
            long size,
            int copies,
            int flags) {
        /// Flag: the object is in the cluster.
        public static final int CACHED = 1 << 6;

        /// Flag: a member of an archive.
        public static final int IN_ARCHIVE = 1 << 7;

        /// Flag: a virtual directory.
        public static final int DIRECTORY = 1 << 8;

        /// Flag: an archive, whose members are listed as well.
        public static final int ARCHIVE = 1 << 9;

        /// An entry of which only name and flags are told.
        public static Entry named(String name, int flags) {
            return new Entry(name, "", "", "", "", "", 0, 0, flags);
        }
    }

    /// The msgpack form: all four keys, and of an entry its name and what is not empty.
    public byte[] msgpack() {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packMapHeader(4);
            packer.packString("UUID").packString(uuid);
            packer.packString("ContinuationToken").packString(token);
            packer.packString("Entries").packArrayHeader(entries.size());
            for (Entry entry : entries) {
                pack(entry, packer);
            }
            packer.packString("Flags").packInt(0);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a listing could not be encoded: " + e.getMessage(), e);
        }
    }

    /// The JSON form.
    public byte[] json() {
        List<Map<String, Object>> list = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            list.add(json(entry));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("uuid", uuid);
        root.put("continuation_token", token);
        root.put("entries", list);
        root.put("flags", 0);
        return WireJson.write(root);
    }

    private static Map<String, Object> json(Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", entry.name);
        putText("checksum", entry.checksum, json);
        putText("atime", entry.atime, json);
        putText("version", entry.version, json);
        putText("location", entry.location, json);
        putText("custom-md", entry.custom, json);
        putText("size", entry.size == 0 ? "" : Long.toString(entry.size), json);
        if (entry.copies != 0) {
            json.put("copies", entry.copies);
        }
        if (entry.flags != 0) {
            json.put("flags", entry.flags);
        }
        return json;
    }

    private static void putText(String key, String text, Map<String, Object> json) {
        if (!text.isEmpty()) {
            json.put(key, text);
        }
    }

    private static void pack(Entry entry, MessageBufferPacker packer) throws IOException {
        packer.packMapHeader(1
                + count(entry.checksum)
                + count(entry.atime)
                + count(entry.version)
                + count(entry.location)
                + count(entry.custom)
                + (entry.size == 0 ? 0 : 1)
                + (entry.copies == 0 ? 0 : 1)
                + (entry.flags == 0 ? 0 : 1));
        packer.packString("n").packString(entry.name);
        packText("cs", entry.checksum, packer);
        packText("a", entry.atime, packer);
        packText("v", entry.version, packer);
        packText("t", entry.location, packer);
        packText("m", entry.custom, packer);
        packNumber("s", entry.size, packer);
        packNumber("c", entry.copies, packer);
        packNumber("f", entry.flags, packer);
    }

    private static int count(String text) {
        return text.isEmpty() ? 0 : 1;
    }

    private static void packText(String key, String text, MessageBufferPacker packer) throws IOException {
        if (!text.isEmpty()) {
            packer.packString(key).packString(text);
        }
    }

    private static void packNumber(String key, long number, MessageBufferPacker packer) throws IOException {
        if (number != 0) {
            packer.packString(key).packLong(number);
        }
    }
}
