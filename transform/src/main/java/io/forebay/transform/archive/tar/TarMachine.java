package io.forebay.transform.archive.tar;

import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Refusal;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads the headers of a tar archive, block by block, and says how many bytes lie between them.
///
/// It is given every block but those of the entries' data: after `ENTRY` the caller passes over
/// `entry().blockBytes()` bytes. For one thread at a time.
public final class TarMachine {
    public static final int BLOCK_BYTES = TarFraming.BLOCK_BYTES;

    /*
     * The state says what the next block is. Extended headers (PAX, GNU long names) are gathered until the header of
     * their entry comes; `headersAt` is where the first of them began, and -1 between entries. Maps of sparse files are
     * in blocks behind the header (GNU) or at the beginning of the data (PAX 1.0).
     */
    private static final int GNU_MAP_AT = 386;
    private static final int GNU_MAP_PIECES = 4;
    private static final int GNU_MORE_AT = 482;
    private static final int GNU_SIZE_AT = 483;
    private static final int GNU_BLOCK_PIECES = 21;
    private static final int GNU_BLOCK_MORE_AT = 504;
    private static final int NUMBER_BYTES = 12;
    private static final int PIECE_BYTES = 2 * NUMBER_BYTES;
    private static final int MAX_DIGITS = 18;

    /// What a block led to.
    public enum Step {
        /// Nothing yet: the next block follows.
        MORE,
        /// An entry, whose data follows.
        ENTRY,
        /// The end of the archive: what follows does not belong to it.
        END
    }

    private enum State {
        HEADER,
        EXTENDED,
        GNU_MAP,
        PAX_MAP,
        ONE_ZERO,
        ENDED
    }

    private final Bounds bounds;
    private final byte[] block = new byte[BLOCK_BYTES];
    private final PaxRecords global = new PaxRecords();
    private State state = State.HEADER;
    private boolean begun;

    private PaxRecords local = new PaxRecords();
    private @Nullable String longName;
    private long headersAt = -1;

    private char extendedType;
    private byte[] extended = new byte[0];
    private int extendedLength;

    private @Nullable TarEntry entry;
    private SparseMap.Numbers map = new SparseMap.Numbers();
    private long mapNumbers;
    private long mapNumber;
    private int mapDigits;

    private long endAt = -1;
    private boolean closed;

    public TarMachine(Bounds bounds) {
        this.bounds = bounds;
    }

    /// Takes the block at `from` in the buffer, which is at offset `at` of the tar. Throws INVALID_ARGUMENT
    /// and TOO_LARGE when the archive is refused.
    public Step take(ByteBuffer bytes, int from, long at) {
        bytes.get(from, block);
        return switch (state) {
            case HEADER -> header(at);
            case EXTENDED -> extended();
            case GNU_MAP -> gnuMap(at);
            case PAX_MAP -> paxMap(at);
            case ONE_ZERO -> secondZero();
            case ENDED -> Step.END;
        };
    }

    /// The entry that the last `ENTRY` was of.
    public TarEntry entry() {
        return Objects.requireNonNull(entry);
    }

    /// Whether the next block begins the headers of another entry.
    public boolean isBetween() {
        return headersAt < 0;
    }

    public boolean hasEnded() {
        return state == State.ENDED;
    }

    /// Where the end of the archive is: behind its last entry. -1 as long as it was not met.
    public long endAt() {
        return endAt;
    }

    /// Whether two blocks of zeros were there, as an end should have.
    public boolean isClosed() {
        return closed;
    }

    /// Takes that the tar ends here, at that offset. Throws INVALID_ARGUMENT when it may not.
    public void complete(long at) {
        if (state == State.HEADER && headersAt < 0) {
            endAt = at;
        } else if (state != State.ONE_ZERO && state != State.ENDED) {
            throw Refusal.truncated("in the headers of a member, at " + at);
        }
    }

    private Step header(long at) {
        if (TarHeader.isZero(block)) {
            if (headersAt >= 0) {
                throw Refusal.malformed("an extended header belongs to no member, at %s", headersAt);
            }
            endAt = at;
            state = State.ONE_ZERO;
            return Step.MORE;
        }
        if (!TarHeader.hasChecksum(block)) {
            throw begun
                    ? Refusal.malformed("the header at %s does not have its checksum", at)
                    : Refusal.malformed("this is not a tar archive");
        }
        begun = true;
        if (headersAt < 0) {
            headersAt = at;
        }
        char type = TarHeader.type(block);
        return switch (type) {
            case 'x', 'X', 'g', 'L', 'K' -> beginExtended(type);
            default -> entry(type, at);
        };
    }

    private Step secondZero() {
        closed = TarHeader.isZero(block);
        state = State.ENDED;
        return Step.END;
    }

    private Step beginExtended(char type) {
        long size = TarHeader.size(block);
        bounds.header(size);
        extendedType = type;
        extended = new byte[(int) size];
        extendedLength = 0;
        state = State.EXTENDED;
        if (size == 0) {
            endExtended();
        }
        return Step.MORE;
    }

    private Step extended() {
        int count = Math.min(BLOCK_BYTES, extended.length - extendedLength);
        System.arraycopy(block, 0, extended, extendedLength, count);
        extendedLength += count;
        if (extendedLength == extended.length) {
            endExtended();
        }
        return Step.MORE;
    }

    private void endExtended() {
        switch (extendedType) {
            case 'g' -> {
                global.add(extended, extended.length);
                // A global header need not be followed by a member.
                headersAt = longName == null && !local.isAny() ? -1 : headersAt;
            }
            case 'L' -> longName = TarHeader.text(extended, 0, extended.length);
            case 'K' -> {
                // The target of a link, which is no member.
            }
            default -> local.add(extended, extended.length);
        }
        extended = new byte[0];
        state = State.HEADER;
    }

    private Step entry(char type, long at) {
        boolean hasData = type < '1' || type > '6';
        String name = name();
        boolean isFile = (type == '0' || type == 0 || type == '7' || type == 'S') && !name.endsWith("/");
        Long size = local.size != null ? local.size : global.size;
        long stored = !hasData ? 0 : size != null ? size : TarHeader.size(block);
        Long modified = local.modifiedMillis != null ? local.modifiedMillis : global.modifiedMillis;
        entry = new TarEntry(
                name,
                isFile,
                stored,
                modified != null ? modified : TarHeader.modifiedMillis(block),
                headersAt,
                at + BLOCK_BYTES,
                stored,
                null);
        if (type == 'S') {
            return beginGnuMap();
        }
        return isFile && local.isSparse() ? beginPaxMap() : end(entry);
    }

    private String name() {
        if (longName != null) {
            return longName;
        }
        if (local.sparseName != null) {
            return local.sparseName;
        }
        String path = local.path != null ? local.path : global.path;
        return path != null ? path : TarHeader.name(block);
    }

    /// Ends the headers of an entry.
    private Step end(TarEntry whole) {
        if (whole.storedBytes() > Long.MAX_VALUE - whole.dataAt() - BLOCK_BYTES) {
            throw Refusal.malformed("the member %s has a size beyond all measure", Refusal.shown(whole.name()));
        }
        entry = whole;
        local = new PaxRecords();
        longName = null;
        headersAt = -1;
        state = State.HEADER;
        return Step.ENTRY;
    }

    private Step beginGnuMap() {
        map = new SparseMap.Numbers();
        long size = TarHeader.number(block, GNU_SIZE_AT);
        TarEntry begunEntry = entry();
        entry = sparse(begunEntry, size, begunEntry.dataAt(), begunEntry.storedBytes(), null);
        gnuPieces(GNU_MAP_AT, GNU_MAP_PIECES);
        return block[GNU_MORE_AT] != 0 ? more(State.GNU_MAP) : endSparse(map);
    }

    private Step gnuMap(long at) {
        gnuPieces(0, GNU_BLOCK_PIECES);
        bounds.header((long) map.count() * Long.BYTES);
        TarEntry now = entry();
        entry = sparse(now, now.size(), at + BLOCK_BYTES, now.storedBytes(), null);
        return block[GNU_BLOCK_MORE_AT] != 0 ? Step.MORE : endSparse(map);
    }

    private void gnuPieces(int from, int pieces) {
        for (int piece = 0; piece < pieces; piece++) {
            int at = from + piece * PIECE_BYTES;
            if (block[at] == 0) {
                return;
            }
            map.add(TarHeader.number(block, at));
            map.add(TarHeader.number(block, at + NUMBER_BYTES));
        }
    }

    private Step beginPaxMap() {
        Long size = local.sparseSize;
        if (size == null) {
            throw Refusal.malformed("the sparse member %s has no size", Refusal.shown(entry().name()));
        }
        TarEntry now = entry();
        entry = sparse(now, size, now.dataAt(), now.storedBytes(), null);
        SparseMap.Numbers given = local.sparseMap;
        if (!local.mapIsInData && given != null) {
            return endSparse(given);
        }
        map = new SparseMap.Numbers();
        mapNumbers = -1;
        mapNumber = 0;
        mapDigits = 0;
        return more(State.PAX_MAP);
    }

    /// A block of the map that is in front of the data: decimal numbers, each with a line of its own, of
    /// which the first says how many pieces there are.
    private Step paxMap(long at) {
        TarEntry now = entry();
        if (now.storedBytes() < BLOCK_BYTES) {
            throw Refusal.malformed("the map of the sparse member %s has no end", Refusal.shown(now.name()));
        }
        entry = sparse(now, now.size(), at + BLOCK_BYTES, now.storedBytes() - BLOCK_BYTES, null);
        for (byte value : block) {
            if (value == '\n' && mapDigits > 0) {
                paxMapNumber();
                if (map.count() == mapNumbers) {
                    return endSparse(map);
                }
            } else if (value >= '0' && value <= '9' && mapDigits < MAX_DIGITS) {
                mapNumber = mapNumber * 10 + value - '0';
                mapDigits++;
            } else {
                throw Refusal.malformed("the map of the sparse member %s is none", Refusal.shown(now.name()));
            }
        }
        return Step.MORE;
    }

    private void paxMapNumber() {
        if (mapNumbers >= 0) {
            map.add(mapNumber);
        } else {
            bounds.header(Math.min(mapNumber, Integer.MAX_VALUE) * 2 * Long.BYTES);
            mapNumbers = mapNumber * 2;
        }
        mapNumber = 0;
        mapDigits = 0;
    }

    private Step endSparse(SparseMap.Numbers numbers) {
        TarEntry now = entry();
        SparseMap whole = numbers.toMap(now.size(), now.storedBytes());
        return end(sparse(now, now.size(), now.dataAt(), now.storedBytes(), whole));
    }

    private Step more(State next) {
        state = next;
        return Step.MORE;
    }

    private static TarEntry sparse(TarEntry of, long size, long dataAt, long stored, @Nullable SparseMap sparse) {
        return new TarEntry(of.name(), of.isFile(), size, of.modifiedMillis(), of.headersAt(), dataAt, stored, sparse);
    }
}
