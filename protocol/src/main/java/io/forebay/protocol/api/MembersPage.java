package io.forebay.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of the members of an archive, in UTF-8 byte order of their names, each once.
///
/// Sent as JSON; what it answers is a `MembersRequest`.
///
/// @param truncated whether there are more after the last
public record MembersPage(List<Member> members, boolean truncated) {
    /// A list that a message leaves out is empty.
    public MembersPage(@Nullable List<Member> members, boolean truncated) {
        this.members = members == null ? List.of() : List.copyOf(members);
        this.truncated = truncated;
    }

    /// One of them.
    ///
    /// @param name in the archive, without a leading slash
    /// @param size of its content in bytes
    public record Member(String name, long size) {}
}
