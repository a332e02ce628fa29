package io.forebay.gateway.auth.policy;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Internet addresses with a common prefix, `203.0.113.0/24` or `2001:db8::/32`; an address alone is a range of one.
final class AddressRange {
    private static final int PUBLIC_V4_BITS = 8;
    private static final int PUBLIC_V6_BITS = 32;

    private final byte[] address;
    private final int prefixBits;

    private AddressRange(byte[] address, int prefixBits) {
        this.address = address;
        this.prefixBits = prefixBits;
    }

    /// Null for a text that is no range.
    static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = slash < 0 ? 8 * address.length : bits(text.substring(slash + 1));
        return bits < 0 || bits > 8 * address.length ? null : new AddressRange(address, bits);
    }

    private static int bits(String text) {
        return text.length() > 3 || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? -1
                : Integer.parseInt(text);
    }

    /// Four bytes or sixteen; null for a text that is no address. A name is never looked up.
    private static byte @Nullable [] address(String text) {
        boolean short4 =
                text.indexOf(':') < 0 && text.chars().filter(c -> c == '.').count() != 3;
        if (short4) {
            return null;
        }
        int zone = text.indexOf('%');
        try {
            return InetAddress.ofLiteral(zone < 0 ? text : text.substring(0, zone))
                    .getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean contains(String text) {
        byte[] other = address(text);
        if (other == null || other.length != address.length) {
            return false;
        }
        int whole = prefixBits / 8;
        if (!Arrays.equals(address, 0, whole, other, 0, whole)) {
            return false;
        }
        int rest = prefixBits % 8;
        int mask = 0xFF << (8 - rest);
        return rest == 0 || (address[whole] & mask) == (other[whole] & mask);
    }

    /// Whether it is so wide that S3 takes it for everyone: wider than /8, or /32 of IPv6.
    boolean isPublic() {
        return prefixBits < (address.length == 4 ? PUBLIC_V4_BITS : PUBLIC_V6_BITS);
    }
}
