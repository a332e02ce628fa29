package io.forebay.system.process;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns a class's calls of the JDK's wall clock to `ShiftedClock`, whose methods have the same names and types:
/// the constant pool names another class for them, and no code changes. (The Java Virtual Machine Specification,
/// section 4.4, has the pool's form.)
final class ClockCalls {
    private static final String TARGET = "io/forebay/system/process/ShiftedClock";
    private static final List<String> CLOCKS =
            List.of("java/lang/System.currentTimeMillis", "jdk/internal/misc/VM.getNanoTimeAdjustment");

    private static final int POOL = 8;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int METHOD = 10;

    private final ByteBuffer bytes;
    private final int[] places;
    private final int end;

    /// Finds where each constant is.
    private ClockCalls(byte[] file) {
        this.bytes = ByteBuffer.wrap(file);
        this.places = new int[bytes.getShort(POOL) & 0xffff];
        int at = POOL + 2;
        for (int index = 1; index < places.length; index++) {
            places[index] = at;
            int tag = bytes.get(at);
            at += 1 + size(tag, at + 1);
            if (tag == LONG || tag == DOUBLE) {
                index++;
            }
        }
        this.end = at;
    }

    /// The class with its calls turned; null when it has none.
    static byte @Nullable [] redirected(byte[] file) {
        ClockCalls calls = new ClockCalls(file.clone());
        List<Integer> found = calls.find();
        return found.isEmpty() ? null : calls.turned(found);
    }

    private int size(int tag, int at) {
        return switch (tag) {
            case UTF8 -> 2 + (bytes.getShort(at) & 0xffff);
            case LONG, DOUBLE -> 8;
            // References of methods and the like, numbers, and what is computed when it is linked.
            case 3, 4, 9, METHOD, 11, 12, 17, 18 -> 4;
            case 15 -> 3;
            case CLASS, 8, 16, 19, 20 -> 2;
            default -> throw new IllegalArgumentException("a constant pool with the tag " + tag);
        };
    }

    /// Where the methods of the JDK's clock name their class.
    private List<Integer> find() {
        List<Integer> found = new ArrayList<>();
        for (int place : places) {
            if (place != 0 && bytes.get(place) == METHOD) {
                String owner = text(index(places[index(place + 1)] + 1));
                String method = text(index(places[index(place + 3)] + 1));
                if (CLOCKS.contains(owner + "." + method)) {
                    found.add(place + 1);
                }
            }
        }
        return found;
    }

    private byte[] turned(List<Integer> found) {
        byte[] target = TARGET.getBytes(StandardCharsets.UTF_8);
        found.forEach(place -> bytes.putShort(place, (short) (places.length + 1)));
        bytes.putShort(POOL, (short) (places.length + 2));
        byte[] old = bytes.array();
        return ByteBuffer.allocate(old.length + 3 + target.length + 3)
                .put(old, 0, end)
                .put((byte) UTF8)
                .putShort((short) target.length)
                .put(target)
                .put((byte) CLASS)
                .putShort((short) places.length)
                .put(old, end, old.length - end)
                .array();
    }

    private int index(int at) {
        return bytes.getShort(at) & 0xffff;
    }

    private String text(int index) {
        int at = places[index] + 1;
        return new String(bytes.array(), at + 2, bytes.getShort(at) & 0xffff, StandardCharsets.UTF_8);
    }
}
