package io.forebay.system.process;

import io.forebay.common.error.Check;
import java.util.ArrayList;
import java.util.List;

/// The names that nodes of a cluster under test may have, each with a number of its own below 255: hosts files
/// name them all beforehand, since a process reads a name once.
final class Names {
    private static final int GATEWAYS = 9;
    private static final int STORAGE_NODES = 240;
    private static final String GATEWAY = "gateway-";
    private static final String STORAGE_NODE = "storage-node-";

    private Names() {}

    static List<String> all() {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= GATEWAYS; number++) {
            names.add(GATEWAY + number);
        }
        for (int number = 1; number <= STORAGE_NODES; number++) {
            names.add(STORAGE_NODE + number);
        }
        return names;
    }

    /// From 1 on.
    static int number(String name) {
        int number = all().indexOf(name) + 1;
        Check.argument(number > 0, "no node may be called %s", name);
        return number;
    }
}
