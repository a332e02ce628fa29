/// Policies as S3 has them: JSON documents that allow and deny actions, read strictly and evaluated without I/O.
///
/// May use nothing of this module. Values are immutable and safe on any thread; evaluating one never waits. What is
/// asked of a request comes from a `RequestContext`, so that nothing here knows HTTP.
@NullMarked
package io.forebay.gateway.auth.policy;

import org.jspecify.annotations.NullMarked;
