package io.forebay.system.crash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// What an object holds, or that there is none. Its bytes follow from numbers, so that many can be remembered.
///
/// @param present whether there is an object
/// @param pieces one behind the other
/// @param note user metadata that came with it; empty when nothing is known of it
record Value(boolean present, List<Piece> pieces, String note) {
    static final Value ABSENT = new Value(false, List.of(), "");

    /// A bucket that exists.
    static final Value BUCKET = new Value(true, List.of(), "");

    /// Bytes that only this seed gives.
    record Piece(long seed, int size) {
        byte[] bytes() {
            byte[] bytes = new byte[size];
            new SplittableRandom(seed).nextBytes(bytes);
            return bytes;
        }
    }

    Value {
        pieces = List.copyOf(pieces);
    }

    static Value of(List<Piece> pieces, String note) {
        return new Value(true, pieces, note);
    }

    int size() {
        return pieces.stream().mapToInt(Piece::size).sum();
    }

    byte[] bytes() {
        byte[] all = new byte[size()];
        int at = 0;
        for (Piece piece : pieces) {
            System.arraycopy(piece.bytes(), 0, all, at, piece.size());
            at += piece.size();
        }
        return all;
    }

    /// Of these pieces behind the own ones.
    Value extended(List<Piece> more) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(more);
        return new Value(true, all, "");
    }

    boolean holds(byte[] found) {
        return present && found.length == size() && Arrays.equals(found, bytes());
    }

    @Override
    public String toString() {
        return present ? size() + " bytes of " + pieces : "nothing";
    }
}
