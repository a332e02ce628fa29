/// Every operation that any face may ask for, once: the border of the faces.
///
/// May use `routing`, `relay`, `listing` and `control` of the gateway. A face knows this package and
/// `io.forebay.gateway.auth`, never a storage node.
@NullMarked
package io.forebay.gateway.core;

import org.jspecify.annotations.NullMarked;
