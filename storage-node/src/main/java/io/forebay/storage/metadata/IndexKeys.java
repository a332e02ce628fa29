package io.forebay.storage.metadata;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Keys of the index: byte order is bucket, then name in UTF-8 byte order, then what follows the name.
///
/// A name's zero bytes are escaped as `00 FF`, so that `00 00` can end a name in a longer key and no name is the
/// beginning of another's keys.
public final class IndexKeys {
    static final int BUCKET_BYTES = 8;
    private static final int END_BYTES = 2;
    private static final int NUMBER_BYTES = 4;
    /// Behind the end of the name, before the id of a version; no upload's id begins with it.
    private static final byte VERSION = 'v';
    private static final int VERSION_BYTES = END_BYTES + 1 + VersionId.DIGITS;
    /// As the version `null`: behind all others.
    private static final String NULL_VERSION = VersionId.NULL + "0".repeat(VersionId.DIGITS - VersionId.NULL.length());

    private IndexKeys() {}

    /// The key of an object. Throws INVALID_ARGUMENT for a name that is not well-formed text.
    public static byte[] object(long bucketId, String name) {
        return withName(bucketId, name, 0);
    }

    /// The key of an object, or of one of its versions. Throws as the other does.
    public static byte[] of(long bucketId, ObjectKey key) {
        return key.isVersion() ? version(object(bucketId, key.name()), key.version()) : object(bucketId, key.name());
    }

    /// The key of VERSIONS of an object's version.
    public static byte[] version(byte[] objectKey, String versionId) {
        String id = versionId.equals(VersionId.NULL) ? NULL_VERSION : versionId;
        return ByteBuffer.allocate(objectKey.length + VERSION_BYTES)
                .put(objectKey)
                .putShort((short) 0)
                .put(VERSION)
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /// Whether a key is that of a version.
    public static boolean isVersion(byte[] key) {
        int at = key.length - VERSION_BYTES;
        return at >= BUCKET_BYTES && key[at] == 0 && key[at + 1] == 0 && key[at + END_BYTES] == VERSION;
    }

    /// The id in the key of a version; empty for that of an object.
    public static String versionId(byte[] key) {
        if (!isVersion(key)) {
            return "";
        }
        int at = key.length - VersionId.DIGITS;
        String id = new String(key, at, VersionId.DIGITS, StandardCharsets.US_ASCII);
        return id.equals(NULL_VERSION) ? VersionId.NULL : id;
    }

    /// The first key that a version of an object may have: that of a version newer than all.
    public static byte[] versionsStart(byte[] objectKey) {
        return ByteBuffer.allocate(objectKey.length + END_BYTES + 1)
                .put(objectKey)
                .putShort((short) 0)
                .put(VERSION)
                .array();
    }

    /// The least key behind all versions of an object.
    public static byte[] versionsEnd(byte[] objectKey) {
        byte[] key = versionsStart(objectKey);
        key[key.length - 1]++;
        return key;
    }

    /// The first key of a bucket, in every family but VOLUME.
    public static byte[] bucketStart(long bucketId) {
        return ByteBuffer.allocate(BUCKET_BYTES).putLong(bucketId).array();
    }

    /// The least key behind all keys of a bucket.
    public static byte[] bucketEnd(long bucketId) {
        return bucketStart(bucketId + 1);
    }

    /// The first key of all buckets, in every family but VOLUME.
    public static byte[] start() {
        return bucketStart(0);
    }

    /// The least key behind all buckets.
    public static byte[] end() {
        return bucketStart(Long.MAX_VALUE);
    }

    /// The least key that is greater than this one.
    public static byte[] successor(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /// The least key that is greater than every key of an object whose name begins with the prefix; the bucket's
    /// end when there is no such key in it.
    public static byte[] pastPrefix(long bucketId, String prefix) {
        byte[] key = object(bucketId, prefix);
        for (int last = key.length - 1; last >= BUCKET_BYTES; last--) {
            if (key[last] != (byte) 0xFF) {
                key[last]++;
                return Arrays.copyOf(key, last + 1);
            }
        }
        return bucketEnd(bucketId);
    }

    /// The key of an upload.
    public static byte[] upload(long bucketId, String name, String uploadId) {
        byte[] key = withName(bucketId, name, END_BYTES + uploadId.length());
        int at = key.length - uploadId.length();
        for (int index = 0; index < uploadId.length(); index++) {
            key[at + index] = (byte) uploadId.charAt(index);
        }
        return key;
    }

    /// The least key that is greater than every upload of that name.
    public static byte[] pastUploads(long bucketId, String name) {
        byte[] key = withName(bucketId, name, END_BYTES);
        key[key.length - 1] = 1;
        return key;
    }

    /// The key of a part, given its upload's.
    public static byte[] part(byte[] uploadKey, int number) {
        return ByteBuffer.allocate(uploadKey.length + 1 + NUMBER_BYTES)
                .put(uploadKey)
                .put((byte) 0)
                .putInt(number)
                .array();
    }

    /// The first key of an upload's parts.
    public static byte[] partsStart(byte[] uploadKey) {
        return Arrays.copyOf(uploadKey, uploadKey.length + 1);
    }

    /// The least key behind an upload's parts.
    public static byte[] partsEnd(byte[] uploadKey) {
        byte[] key = Arrays.copyOf(uploadKey, uploadKey.length + 1);
        key[uploadKey.length] = 1;
        return key;
    }

    /// The number at the end of a part's key.
    public static int partNumber(byte[] partKey) {
        return ByteBuffer.wrap(partKey).getInt(partKey.length - NUMBER_BYTES);
    }

    public static long bucketId(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    /// The name in a key of CURRENT, VERSIONS or UPLOADS.
    public static String name(byte[] key) {
        int end = BUCKET_BYTES;
        int escapes = 0;
        while (end < key.length) {
            if (key[end] == 0) {
                if (end + 1 == key.length || key[end + 1] == 0) {
                    break;
                }
                escapes++;
                end++;
            }
            end++;
        }
        if (escapes == 0) {
            return new String(key, BUCKET_BYTES, end - BUCKET_BYTES, StandardCharsets.UTF_8);
        }
        byte[] plain = new byte[end - BUCKET_BYTES - escapes];
        int at = 0;
        for (int index = BUCKET_BYTES; index < end; index++) {
            plain[at++] = key[index];
            index += key[index] == 0 ? 1 : 0;
        }
        return new String(plain, StandardCharsets.UTF_8);
    }

    /// Whether a key is that of an upload, not of an object or a version.
    public static boolean isUpload(byte[] key) {
        return !isVersion(key) && objectOf(key).length < key.length;
    }

    /// The key of CURRENT of the object that a key of VERSIONS, UPLOADS or PARTS speaks of; that of an object is its
    /// own.
    public static byte[] objectOf(byte[] key) {
        if (isVersion(key)) {
            return Arrays.copyOf(key, key.length - VERSION_BYTES);
        }
        int at = BUCKET_BYTES;
        while (at + 1 < key.length && (key[at] != 0 || key[at + 1] != 0)) {
            at += key[at] == 0 ? 2 : 1;
        }
        return Arrays.copyOf(key, at + 1 < key.length ? at : key.length);
    }

    /// A number that an object's key and those of its versions have in common.
    public static int hash(byte[] key) {
        return Arrays.hashCode(isVersion(key) ? objectOf(key) : key);
    }

    /// The key of UPLOADS of the upload that a part belongs to.
    public static byte[] uploadOf(byte[] partKey) {
        return Arrays.copyOf(partKey, partKey.length - 1 - NUMBER_BYTES);
    }

    /// The upload id in a key of UPLOADS.
    public static String uploadId(byte[] uploadKey) {
        int at = uploadKey.length;
        while (at > BUCKET_BYTES && uploadKey[at - 1] != 0) {
            at--;
        }
        return new String(uploadKey, at, uploadKey.length - at, StandardCharsets.US_ASCII);
    }

    private static byte[] withName(long bucketId, String name, int more) {
        checkText(name);
        byte[] plain = name.getBytes(StandardCharsets.UTF_8);
        int zeros = 0;
        for (byte next : plain) {
            zeros += next == 0 ? 1 : 0;
        }
        byte[] key = new byte[BUCKET_BYTES + plain.length + zeros + more];
        ByteBuffer.wrap(key).putLong(bucketId);
        if (zeros == 0) {
            System.arraycopy(plain, 0, key, BUCKET_BYTES, plain.length);
            return key;
        }
        int at = BUCKET_BYTES;
        for (byte next : plain) {
            key[at++] = next;
            if (next == 0) {
                key[at++] = (byte) 0xFF;
            }
        }
        return key;
    }

    /// Half a surrogate pair has no UTF-8: two such names would become the same key.
    private static void checkText(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && index + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(index + 1));
                if (!pair) {
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT, "object name is not valid text: it has half a surrogate pair");
                }
                index++;
            }
        }
    }
}
