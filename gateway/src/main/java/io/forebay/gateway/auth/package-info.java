/// Who is asking and may they: signatures of S3 clients, tokens of AIStore clients, one answer for every face.
///
/// May use nothing of this module. Never waits: callers are identified on the event loop. Who is not known may do
/// nothing.
@NullMarked
package io.forebay.gateway.auth;

import org.jspecify.annotations.NullMarked;
