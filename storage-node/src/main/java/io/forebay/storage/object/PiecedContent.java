package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes of stored records, one behind the other: looked up when somebody wants them, and once more
/// when they were moved to another place meanwhile.
final class PiecedContent implements Content {
    private final ObjectKey key;
    private final Supplier<List<Copies.Copy>> lookUp;
    private @Nullable List<Copies.Copy> pieces;

    /// @param lookUp the records that make the object as things are
    PiecedContent(ObjectKey key, Supplier<List<Copies.Copy>> lookUp) {
        this.key = key;
        this.lookUp = lookUp;
    }

    @Override
    public long size() {
        return pieces().stream().mapToLong(piece -> piece.record().size()).sum();
    }

    @Override
    public ByteSource open() {
        List<FileSlice> slices = open(pieces());
        if (slices == null) {
            List<Copies.Copy> given = pieces();
            pieces = lookUp.get();
            slices = haveSameBytes(given, pieces) ? open(pieces) : null;
        }
        if (slices == null) {
            throw new StoreException(ErrorCode.IN_USE, key + " changes, or parts of it, while it is read");
        }
        return new SliceSource(slices);
    }

    /// Says what the object is made of. False when somebody was given other bytes before.
    boolean settle(List<Copies.Copy> chosen) {
        List<Copies.Copy> given = pieces;
        pieces = List.copyOf(chosen);
        return given == null || haveSameBytes(given, chosen);
    }

    private List<Copies.Copy> pieces() {
        List<Copies.Copy> found = pieces;
        if (found == null) {
            found = List.copyOf(lookUp.get());
            pieces = found;
        }
        return found;
    }

    /// The slices of all pieces, or null when one is not where it was.
    private static @Nullable List<FileSlice> open(List<Copies.Copy> pieces) {
        List<FileSlice> slices = new ArrayList<>();
        boolean complete = false;
        try {
            for (Copies.Copy piece : pieces) {
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

    private static @Nullable List<FileSlice> open(Copies.Copy piece) {
        long size = piece.record().size();
        return size == 0 ? List.of() : piece.store().open(piece.record(), new ByteRange(0, size), Waiting.ALLOWED);
    }

    /// Records that have only moved are the same. A part that replaced another one was written at another
    /// time.
    private static boolean haveSameBytes(List<Copies.Copy> some, List<Copies.Copy> others) {
        return identities(some).equals(identities(others));
    }

    private static List<String> identities(List<Copies.Copy> pieces) {
        List<String> identities = new ArrayList<>(pieces.size());
        for (Copies.Copy piece : pieces) {
            identities.add(piece.record().size() + " " + piece.record().modifiedMillis() + " "
                    + piece.record().etag());
        }
        return identities;
    }
}
