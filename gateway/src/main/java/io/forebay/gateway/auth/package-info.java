/// Who is asking and may they: signatures of S3 clients, tokens of AIStore clients, one answer for every face.
///
/// May use `auth.policy` and `auth.acl`. Never waits: callers are identified, and what they may do decided, on the
/// event
/// loop. What nothing allows is denied.
@NullMarked
package io.forebay.gateway.auth;

import org.jspecify.annotations.NullMarked;
