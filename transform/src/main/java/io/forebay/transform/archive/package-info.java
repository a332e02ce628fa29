/// Reads, writes, extends and indexes archives: tar, tgz, zip and tar.lz4.
///
/// The entries for callers are `ArchiveReader`, `ArchiveWriter`, `ArchiveAppend`, `MemberIndexer` and
/// `MemberBytes`; the packages below know one form each. Nothing here starts a thread, and what an archive
/// says is never trusted: every number in it has a bound (`ArchiveLimits`), and one that is refused is
/// refused with words.
@NullMarked
package io.forebay.transform.archive;

import org.jspecify.annotations.NullMarked;
