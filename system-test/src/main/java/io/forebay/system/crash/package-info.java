/// Crashes of a real server under load: what was acknowledged before is there afterwards, and nothing else. The load
/// keeps a history of its own of what it asked for and was told; after `kill -9` or a power cut the store is compared
/// with it.
@NullMarked
package io.forebay.system.crash;

import org.jspecify.annotations.NullMarked;
