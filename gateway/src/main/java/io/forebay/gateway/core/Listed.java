package io.forebay.gateway.core;

import io.forebay.protocol.api.Page;

/// One entry of a listing that shows what is in archives.
///
/// @param entry of a member only the name, which begins with that of its archive, and the size count
public record Listed(Page.Entry entry, Listed.Kind kind) {
    /// What an entry is.
    public enum Kind {
        /// An object that is not opened, or a rolled-up group.
        PLAIN,
        /// An archive, whose members are listed as well.
        ARCHIVE,
        /// A member of an archive.
        MEMBER
    }
}
