/// S3 with authentication: against nginx sending the same files, against another S3 server, and against what the work
/// costs alone.
///
/// May use `io.forebay.bench.load`, `io.forebay.bench.scenario` and the bare index of `io.forebay.bench.storage`.
@NullMarked
package io.forebay.bench.s3;

import org.jspecify.annotations.NullMarked;
