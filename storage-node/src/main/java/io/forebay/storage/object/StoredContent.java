package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/// The bytes of stored records, one behind the other, while nobody changes or moves them: the key's lock is held.
final class StoredContent implements Content {
    private final ObjectKey key;
    private final List<Copies.Copy> pieces;

    StoredContent(ObjectKey key, List<Copies.Copy> pieces) {
        this.key = key;
        this.pieces = List.copyOf(pieces);
    }

    @Override
    public long size() {
        return pieces.stream().mapToLong(piece -> piece.record().size()).sum();
    }

    @Override
    public ByteSource open() {
        List<FileSlice> slices = new ArrayList<>();
        boolean complete = false;
        try {
            for (Copies.Copy piece : pieces) {
                slices.addAll(open(piece));
            }
            complete = true;
            return new SliceSource(slices);
        } finally {
            if (!complete) {
                slices.forEach(FileSlice::close);
            }
        }
    }

    private List<FileSlice> open(Copies.Copy piece) {
        if (piece.record().size() == 0) {
            return List.of();
        }
        ByteRange all = new ByteRange(0, piece.record().size());
        List<FileSlice> slices = piece.store().open(piece.record(), all, Waiting.ALLOWED);
        if (slices == null) {
            throw new StoreException(ErrorCode.CORRUPT, "a file that has bytes of " + key + " is missing");
        }
        return slices;
    }
}
