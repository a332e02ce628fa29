package io.forebay.protocol.api;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.PercentCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// On what occasion an object is changed: what whoever is told of the change learns beside it.
///
/// @param principal the id of the user who asked for it; empty where that is not known
/// @param address where the request came from
/// @param requestId of the client's request
/// @param hostId of the gateway that took it; empty where none did
/// @param region that the gateway says to be in; empty as the one before
public record Occasion(Cause cause, String principal, String address, String requestId, String hostId, String region) {
    private static final String SEPARATOR = ";";
    private static final int FIELDS = 6;

    /// How an object comes to be changed, apart from what becomes of it.
    public enum Cause {
        /// A client writes or removes it.
        REQUEST,
        /// A browser's form writes it.
        FORM,
        /// It is copied or renamed.
        COPY,
        /// Its time has come by a rule of its bucket.
        EXPIRATION
    }

    /// How the address of a client is said.
    public static String address(InetSocketAddress remote) {
        InetAddress address = remote.getAddress();
        return address == null ? remote.getHostString() : address.getHostAddress();
    }

    /// Where nobody asked.
    public static Occasion of(Cause cause) {
        return new Occasion(cause, "", "", "", "", "");
    }

    /// The text form, for a header.
    public String text() {
        return String.join(
                SEPARATOR,
                cause.name(),
                PercentCode.encode(principal),
                PercentCode.encode(address),
                PercentCode.encode(requestId),
                PercentCode.encode(hostId),
                PercentCode.encode(region));
    }

    /// Reads what `text` wrote. Throws INVALID_ARGUMENT when it is something else.
    public static Occasion parse(String text) {
        String[] fields = text.split(SEPARATOR, -1);
        Check.argument(fields.length == FIELDS, "invalid occasion \"%s\"", text);
        return new Occasion(
                cause(fields[0]),
                PercentCode.decode(fields[1]),
                PercentCode.decode(fields[2]),
                PercentCode.decode(fields[3]),
                PercentCode.decode(fields[4]),
                PercentCode.decode(fields[5]));
    }

    private static Cause cause(String name) {
        for (Cause cause : Cause.values()) {
            if (cause.name().equals(name)) {
                return cause;
            }
        }
        throw new StoreException(ErrorCode.INVALID_ARGUMENT, "unknown cause of a change \"" + name + "\"");
    }
}
