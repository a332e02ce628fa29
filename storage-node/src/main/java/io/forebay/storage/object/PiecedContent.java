package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes of stored records, or of their fronts, one behind the other: looked up when somebody wants them,
/// and once more when they were moved to another place meanwhile.
final class PiecedContent implements Content {
    private final ObjectKey key;
    private final Supplier<List<Piece>> lookUp;
    private @Nullable List<Piece> pieces;

    /// @param lookUp what makes the object as things are
    PiecedContent(ObjectKey key, Supplier<List<Piece>> lookUp) {
        this.key = key;
        this.lookUp = lookUp;
    }

    /// All of the newest record of a key.
    static PiecedContent newest(ObjectKey key, Supplier<Copies> lookUp) {
        return new PiecedContent(
                key,
                () -> lookUp.get().found().stream().limit(1).map(Piece::all).toList());
    }

    /// The first bytes of a record.
    record Piece(VolumeStore store, ObjectRecord record, long length) {
        /// All of one.
        static Piece all(Copies.Copy copy) {
            return new Piece(copy.store(), copy.record(), copy.record().size());
        }
    }

    @Override
    public long size() {
        return pieces().stream().mapToLong(Piece::length).sum();
    }

    @Override
    public ByteSource open() {
        List<FileSlice> slices = open(pieces());
        if (slices == null) {
            List<Piece> given = pieces();
            pieces = lookUp.get();
            slices = haveSameBytes(given, pieces) ? open(pieces) : null;
        }
        if (slices == null) {
            throw new StoreException(ErrorCode.IN_USE, key + " changes, or parts of it, while it is read");
        }
        return new SliceSource(slices);
    }

    /// Says what the object is made of. False when somebody was given other bytes before.
    boolean settle(List<Piece> chosen) {
        List<Piece> given = pieces;
        pieces = List.copyOf(chosen);
        return given == null || haveSameBytes(given, chosen);
    }

    private List<Piece> pieces() {
        List<Piece> found = pieces;
        if (found == null) {
            found = List.copyOf(lookUp.get());
            pieces = found;
        }
        return found;
    }

    /// The slices of all pieces, or null when one is not where it was.
    private static @Nullable List<FileSlice> open(List<Piece> pieces) {
        List<FileSlice> slices = new ArrayList<>();
        boolean complete = false;
        try {
            for (Piece piece : pieces) {
                List<FileSlice> opened = open(piece);
                if (opened == null) {
                    return null;
                }
                slices.addAll(opened);
            }
            complete = true;
            return slices;
        } finally {
            if (!complete) {
                slices.forEach(FileSlice::close);
            }
        }
    }

    private static @Nullable List<FileSlice> open(Piece piece) {
        return piece.length == 0
                ? List.of()
                : piece.store.open(piece.record, new ByteRange(0, piece.length), Waiting.ALLOWED);
    }

    /// Records that have only moved are the same. A part that replaced another one was written at another
    /// time.
    private static boolean haveSameBytes(List<Piece> some, List<Piece> others) {
        return identities(some).equals(identities(others));
    }

    private static List<String> identities(List<Piece> pieces) {
        List<String> identities = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            identities.add(piece.length + " " + piece.record.size() + " " + piece.record.modifiedMillis() + " "
                    + piece.record.etag());
        }
        return identities;
    }
}
