package io.forebay.storage.metadata;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Mutations as bytes in a log record, one behind the other (`docs/storage-format.md`).
public final class MutationCodec {
    private static final int PUT = 1;
    private static final int REMOVE = 2;
    private static final int REMOVE_RANGE = 3;
    private static final int HEAD_BYTES = 8;
    private static final byte[] NOTHING = new byte[0];

    private MutationCodec() {}

    /// The bytes that the mutations take.
    public static int length(List<Mutation> mutations) {
        int length = 0;
        for (Mutation mutation : mutations) {
            length += HEAD_BYTES + key(mutation).length + value(mutation).length;
        }
        return length;
    }

    public static void write(List<Mutation> mutations, ByteBuffer out) {
        for (Mutation mutation : mutations) {
            byte[] key = key(mutation);
            byte[] value = value(mutation);
            out.put((byte) kind(mutation)).put((byte) mutation.family().code());
            out.putShort((short) key.length).putInt(value.length).put(key).put(value);
        }
    }

    /// Reads mutations up to the buffer's limit; nothing is known of what was before. Throws CORRUPT.
    public static List<Mutation> read(ByteBuffer in) {
        List<Mutation> mutations = new ArrayList<>(3);
        while (in.hasRemaining()) {
            if (in.remaining() < HEAD_BYTES) {
                throw ByteReader.corrupt();
            }
            int kind = in.get();
            Family family = Family.ofCode(in.get());
            int keyLength = Short.toUnsignedInt(in.getShort());
            int valueLength = in.getInt();
            if (valueLength < 0 || in.remaining() < (long) keyLength + valueLength) {
                throw ByteReader.corrupt();
            }
            byte[] key = new byte[keyLength];
            byte[] value = valueLength == 0 ? NOTHING : new byte[valueLength];
            in.get(key).get(value);
            mutations.add(mutation(kind, family, key, value));
        }
        return mutations;
    }

    private static Mutation mutation(int kind, Family family, byte[] key, byte[] value) {
        return switch (kind) {
            case PUT -> new Mutation.Put(family, key, value, null);
            case REMOVE -> new Mutation.Remove(family, key, null);
            case REMOVE_RANGE -> new Mutation.RemoveRange(family, key, value, List.of());
            default -> throw ByteReader.corrupt();
        };
    }

    private static int kind(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put -> PUT;
            case Mutation.Remove remove -> REMOVE;
            case Mutation.RemoveRange range -> REMOVE_RANGE;
        };
    }

    private static byte[] key(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put -> put.key();
            case Mutation.Remove remove -> remove.key();
            case Mutation.RemoveRange range -> range.from();
        };
    }

    private static byte[] value(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put -> put.value();
            case Mutation.Remove remove -> NOTHING;
            case Mutation.RemoveRange range -> range.to();
        };
    }
}
