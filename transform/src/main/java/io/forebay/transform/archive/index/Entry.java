package io.forebay.transform.archive.index;

import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One member in the shape in which it is encoded, used again for the next one.
final class Entry {
    static final int VERBATIM = 0;
    static final int DEFLATED = 1;
    static final int PACKED = 2;
    static final int SPARSE_VERBATIM = 3;
    static final int SPARSE_PACKED = 4;

    /// The name in UTF-8: the first `nameLength` bytes.
    byte[] name = new byte[128];

    int nameLength;
    int kind;
    long size;
    long modifiedMillis;

    /// Where it is, or the restart point.
    long offset;

    /// The frame of a restart point.
    long frame;

    /// How many deflated bytes there are, or how many to skip.
    long length;

    int crc;

    void set(Member member) {
        name = member.name().getBytes(StandardCharsets.UTF_8);
        nameLength = name.length;
        size = member.size();
        modifiedMillis = member.modifiedMillis();
        place(member.location());
    }

    private void place(Location location) {
        switch (location) {
            case Location.Verbatim verbatim -> {
                kind = VERBATIM;
                offset = verbatim.offset();
            }
            case Location.Deflated deflated -> {
                kind = DEFLATED;
                offset = deflated.offset();
                length = deflated.length();
                crc = deflated.crc();
            }
            case Location.Packed packed -> {
                kind = PACKED;
                frame = packed.frame();
                offset = packed.restart();
                length = packed.skip();
            }
            case Location.Sparse sparse -> {
                place(sparse.headers());
                kind = kind == VERBATIM ? SPARSE_VERBATIM : SPARSE_PACKED;
            }
        }
    }

    boolean isPacked() {
        return kind == PACKED || kind == SPARSE_PACKED;
    }

    Member member() {
        return new Member(text(), size, modifiedMillis, location());
    }

    String text() {
        return new String(name, 0, nameLength, StandardCharsets.UTF_8);
    }

    private Location location() {
        return switch (kind) {
            case VERBATIM -> new Location.Verbatim(offset);
            case DEFLATED -> new Location.Deflated(offset, length, crc);
            case PACKED -> new Location.Packed(frame, offset, length);
            case SPARSE_VERBATIM -> new Location.Sparse(new Location.Verbatim(offset));
            case SPARSE_PACKED -> new Location.Sparse(new Location.Packed(frame, offset, length));
            default -> throw IndexForm.corrupt("an entry of a kind that is not known: " + kind);
        };
    }

    /// The order of names: byte by byte in UTF-8.
    int compareName(byte[] other, int from, int to) {
        return Arrays.compareUnsigned(name, 0, nameLength, other, from, to);
    }

    boolean startsWith(byte[] prefix) {
        return nameLength >= prefix.length && Arrays.mismatch(name, 0, prefix.length, prefix, 0, prefix.length) < 0;
    }
}
