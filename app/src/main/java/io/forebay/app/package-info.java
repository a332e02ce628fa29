/// The `forebay` command: starts roles, and is the command line of a client.
@NullMarked
package io.forebay.app;

import org.jspecify.annotations.NullMarked;
