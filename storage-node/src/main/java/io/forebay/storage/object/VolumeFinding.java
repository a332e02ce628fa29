package io.forebay.storage.object;

import org.jspecify.annotations.Nullable;

/// One thing that a check of a volume has to say.
///
/// @param where a file of the volume, and a place in it where that is known
/// @param object the object (or part, or upload) that it is about, or null
/// @param what is wrong
/// @param remedy what to do about it
public record VolumeFinding(
        Kind kind, String where, @Nullable String object, String what, String remedy) {

    public enum Kind {
        /// A segment's records.
        LOG,
        /// The index as a whole, or one entry.
        INDEX,
        /// An object's bytes.
        OBJECT,
        /// What the index says of the space in use.
        SPACE,
        /// Something that nobody needs.
        LEFTOVER;

        /// Whether something is wrong, and not only worth a note.
        public boolean isDamage() {
            return this != LEFTOVER;
        }
    }
}
