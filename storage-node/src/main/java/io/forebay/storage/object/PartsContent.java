package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes that an upload is to become, from before the locks of its completion are taken: looked up when somebody
/// wants them, and compared with what is completed in the end.
final class PartsContent implements Content {
    private final ObjectKey key;
    private final Supplier<List<Copies.Copy>> lookUp;
    private @Nullable List<Copies.Copy> pieces;

    /// @param lookUp the records that make the object as things are
    PartsContent(ObjectKey key, Supplier<List<Copies.Copy>> lookUp) {
        this.key = key;
        this.lookUp = lookUp;
    }

    @Override
    public long size() {
        return stored().size();
    }

    @Override
    public ByteSource open() {
        try {
            return stored().open();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT || isCurrent()) {
                throw e;
            }
            // Compaction or the mover took a piece elsewhere.
            pieces = null;
            return stored().open();
        }
    }

    /// Says what is being completed, under the locks. False when somebody was given other bytes before.
    boolean settle(List<Copies.Copy> chosen) {
        List<Copies.Copy> given = pieces;
        pieces = List.copyOf(chosen);
        return given == null || haveSameBytes(given, chosen);
    }

    private StoredContent stored() {
        if (pieces == null) {
            pieces = lookUp.get();
        }
        return new StoredContent(key, pieces);
    }

    private boolean isCurrent() {
        return pieces != null && lookUp.get().equals(pieces);
    }

    private static boolean haveSameBytes(List<Copies.Copy> some, List<Copies.Copy> others) {
        return identities(some).equals(identities(others));
    }

    /// A part that replaced another one was written at another time.
    private static List<String> identities(List<Copies.Copy> pieces) {
        List<String> identities = new ArrayList<>(pieces.size());
        for (Copies.Copy piece : pieces) {
            identities.add(piece.record().size() + " " + piece.record().modifiedMillis() + " "
                    + piece.record().etag());
        }
        return identities;
    }
}
