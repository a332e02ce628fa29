/// Access control lists as S3 has them: owners, grants to users and groups, who owns what others write, and what of it
/// may be public.
///
/// May use nothing of this module. Values are immutable and safe on any thread.
@NullMarked
package io.forebay.gateway.auth.acl;

import org.jspecify.annotations.NullMarked;
