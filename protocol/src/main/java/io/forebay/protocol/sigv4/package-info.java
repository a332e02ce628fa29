/// AWS Signature Version 4, once: requests, presigned URLs and chunked bodies, verified and made.
///
/// May use `io.forebay.protocol.http`. Nothing here waits except a chunked body, which waits for the body it wraps.
@NullMarked
package io.forebay.protocol.sigv4;

import org.jspecify.annotations.NullMarked;
