/// Servers under test: in this process or in one of their own, and the plainest of connections to them.
@NullMarked
package io.forebay.system.server;

import org.jspecify.annotations.NullMarked;
