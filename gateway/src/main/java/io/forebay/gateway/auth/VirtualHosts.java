package io.forebay.gateway.auth;

import java.util.List;
import java.util.Locale;

/// Host names below a domain, whose first part is a bucket's name (virtual-host style).
public final class VirtualHosts {
    private VirtualHosts() {}

    /// The part of a host name, a port behind it or not, in front of the longest domain that it is below; empty when it
    /// is below none.
    public static String bucket(String host, List<String> domains) {
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon >= 0 && host.indexOf(']', colon) < 0;
        String name = (hasPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        int longest = -1;
        for (int index = 0; index < domains.size(); index++) {
            String domain = domains.get(index);
            if (name.equals(domain)) {
                return "";
            }
            if (name.length() > domain.length()
                    && name.endsWith(domain)
                    && name.charAt(name.length() - domain.length() - 1) == '.') {
                longest = Math.max(longest, domain.length());
            }
        }
        return longest < 0 ? "" : name.substring(0, name.length() - longest - 1);
    }
}
