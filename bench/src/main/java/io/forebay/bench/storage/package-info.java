/// What the storage engine costs and gives, against floors on the same disk in the same run.
///
/// May use `io.forebay.bench.load` and `io.forebay.bench.scenario`. A row that measures the store by its own API runs
/// in a process of its own, on every processor; one that measures a server has the loader in the first process.
@NullMarked
package io.forebay.bench.storage;

import org.jspecify.annotations.NullMarked;
