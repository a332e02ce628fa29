/// The S3 dialect: reads S3 requests, calls the core, writes S3 answers. One class per group of operations, one error
/// table, one XML writer and one XML reader.
///
/// May use `core` and `auth` of the gateway. Small GET and HEAD requests are answered on the event loop; everything
/// that may wait asks `Exchange.mayWait` first.
@NullMarked
package io.forebay.gateway.api.s3;

import org.jspecify.annotations.NullMarked;
