package io.forebay.transform.archive;

import org.jspecify.annotations.Nullable;

/// One file in an archive, and where its bytes are.
///
/// @param name as the archive has it, without a leading slash
/// @param size of its content in bytes
/// @param storage in which form the archive has them
/// @param offset where they begin: in the archive, or in the tar inside it
/// @param length how many bytes the archive has of them
public record Member(String name, long size, Storage storage, long offset, long length) {
    /// In which form an archive has a member.
    public enum Storage {
        /// As they are, at their place in the archive.
        VERBATIM(0),
        /// Deflated, at their place in the archive.
        DEFLATED(1),
        /// As they are, at their place in the tar that the archive has compressed as a whole.
        INSIDE(2);

        private final int code;

        Storage(int code) {
            this.code = code;
        }

        /// What stands for it in an index.
        byte code() {
            return (byte) code;
        }

        /// The one of that code, or null.
        static @Nullable Storage ofCode(byte code) {
            for (Storage storage : values()) {
                if (storage.code == code) {
                    return storage;
                }
            }
            return null;
        }
    }
}
