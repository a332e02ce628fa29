/// What a volume knows about its objects: RocksDB, column families, keys and codecs. The only package that imports
/// `org.rocksdb`.
///
/// May use no other package of this module. Records are immutable and may be shared by any number of threads; a
/// cursor belongs to one.
@NullMarked
package io.forebay.storage.metadata;

import org.jspecify.annotations.NullMarked;
