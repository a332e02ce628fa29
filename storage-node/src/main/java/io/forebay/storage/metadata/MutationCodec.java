package io.forebay.storage.metadata;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Mutations as bytes in a log record, one behind the other (`docs/storage-format.md`).
public final class MutationCodec {
    private static final int PUT = 1;
    private static final int REMOVE = 2;
    private static final int REMOVE_RANGE = 3;
    private static final int REMOVE_UNTIL = 4;
    private static final int REMOVE_RANGE_UNTIL = 5;
    private static final int UNTIL_BYTES = 8;
    private static final int HEAD_BYTES = 8;
    private static final byte[] NOTHING = new byte[0];

    private MutationCodec() {}

    /// The bytes that the mutations take.
    public static int length(List<Mutation> mutations) {
        int length = 0;
        for (Mutation mutation : mutations) {
            length += length(mutation);
        }
        return length;
    }

    /// The bytes that a mutation takes.
    public static int length(Mutation mutation) {
        int until = mutation instanceof Mutation.Put ? 0 : UNTIL_BYTES;
        return HEAD_BYTES + key(mutation).length + until + value(mutation).length;
    }

    public static void write(List<Mutation> mutations, ByteBuffer out) {
        for (Mutation mutation : mutations) {
            byte[] key = key(mutation);
            byte[] value = value(mutation);
            out.put((byte) kind(mutation)).put((byte) mutation.family().code());
            int until = mutation instanceof Mutation.Put ? 0 : UNTIL_BYTES;
            out.putShort((short) key.length).putInt(until + value.length).put(key);
            switch (mutation) {
                case Mutation.Put put -> {}
                case Mutation.Remove remove -> out.putLong(remove.until());
                case Mutation.RemoveRange range -> out.putLong(range.until());
            }
            out.put(value);
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
            case REMOVE -> new Mutation.Remove(family, key, null, Mutation.ANYTHING);
            case REMOVE_RANGE -> new Mutation.RemoveRange(family, key, value, List.of(), Mutation.ANYTHING);
            case REMOVE_UNTIL -> new Mutation.Remove(family, key, null, until(value));
            case REMOVE_RANGE_UNTIL ->
                new Mutation.RemoveRange(
                        family, key, Arrays.copyOfRange(value, UNTIL_BYTES, value.length), List.of(), until(value));
            default -> throw ByteReader.corrupt();
        };
    }

    private static long until(byte[] value) {
        return new ByteReader(value, 0).readFixed(UNTIL_BYTES);
    }

    private static int kind(Mutation mutation) {
        return switch (mutation) {
            case Mutation.Put put -> PUT;
            case Mutation.Remove remove -> REMOVE_UNTIL;
            case Mutation.RemoveRange range -> REMOVE_RANGE_UNTIL;
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
