package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// The members of one archive while they are found, in little memory. For one thread at a time.
public final class MemberTable {
    private static final int FIRST_MEMBERS = 64;
    private static final int FIRST_NAME_BYTES = 2048;
    private static final int FIELDS = 3;

    private final ArchiveLimits limits;
    private byte[] names = new byte[FIRST_NAME_BYTES];
    private int namesEnd;
    /// Where the name of each member ends.
    private int[] ends = new int[FIRST_MEMBERS];
    private byte[] storages = new byte[FIRST_MEMBERS];
    /// Size, offset and length of each.
    private long[] numbers = new long[FIRST_MEMBERS * FIELDS];
    private int count;

    public MemberTable(ArchiveLimits limits) {
        this.limits = limits;
    }

    /// How many there are.
    public int count() {
        return count;
    }

    /// Adds one. Names that lead out of the archive are passed over: nobody may follow them. Throws TOO_LARGE
    /// beyond a limit.
    void add(String name, long size, Member.Storage storage, long offset, long length) {
        String plain = plain(name);
        if (plain.isEmpty() || leadsOut(plain)) {
            return;
        }
        byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
        require(bytes.length <= limits.maxNameBytes(), "a name of " + bytes.length + " bytes", "max-name-bytes");
        require(count < limits.maxMembers(), "more than " + limits.maxMembers() + " members", "max-members");
        long end = namesEnd + (long) bytes.length;
        require(end <= limits.maxNames().bytes(), "more than " + limits.maxNames() + " of names", "max-names");
        if (end > names.length) {
            names = Arrays.copyOf(names, (int) Math.min(limits.maxNames().bytes(), names.length + end));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            storages = Arrays.copyOf(storages, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count * FIELDS);
        }
        System.arraycopy(bytes, 0, names, namesEnd, bytes.length);
        namesEnd += bytes.length;
        ends[count] = namesEnd;
        storages[count] = storage.code();
        numbers[count * FIELDS] = size;
        numbers[count * FIELDS + 1] = offset;
        numbers[count * FIELDS + 2] = length;
        count++;
    }

    private static void require(boolean holds, String what, String limit) {
        if (!holds) {
            throw new StoreException(ErrorCode.TOO_LARGE, "the archive has " + what + " (limit " + limit + ")");
        }
    }

    /// A name as it is looked up: one leading slash does not count.
    public static String plain(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    /// Whether a plain name has a component `..`, a NUL, or begins at a root.
    public static boolean leadsOut(String name) {
        return name.startsWith("/")
                || name.indexOf('\0') >= 0
                || name.equals("..")
                || name.startsWith("../")
                || name.endsWith("/..")
                || name.contains("/../");
    }

    /// Visits the members in the order of their names' bytes; of several with one name only the first.
    void forEachByName(IntConsumer visitor) {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, index -> index);
        Arrays.sort(order, this::compare);
        int before = -1;
        for (int index : order) {
            if (before < 0 || compare(before, index) != 0) {
                visitor.accept(index);
                before = index;
            }
        }
    }

    private int compare(int one, int other) {
        return Arrays.compareUnsigned(names, start(one), ends[one], names, start(other), ends[other]);
    }

    private int start(int index) {
        return index == 0 ? 0 : ends[index - 1];
    }

    byte[] name(int index) {
        return Arrays.copyOfRange(names, start(index), ends[index]);
    }

    byte storage(int index) {
        return storages[index];
    }

    long size(int index) {
        return numbers[index * FIELDS];
    }

    long offset(int index) {
        return numbers[index * FIELDS + 1];
    }

    long length(int index) {
        return numbers[index * FIELDS + 2];
    }
}
