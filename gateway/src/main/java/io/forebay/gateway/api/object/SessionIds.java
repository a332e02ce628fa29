package io.forebay.gateway.api.object;

import java.util.random.RandomGenerator;

/// Makes ids as AIStore has them for listings and jobs: nine letters and digits, a letter first.
final class SessionIds {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String SYMBOLS = LETTERS + "0123456789";
    private static final int LENGTH = 9;

    private final RandomGenerator random;

    /// The generator has to be safe to share between threads.
    SessionIds(RandomGenerator random) {
        this.random = random;
    }

    String next() {
        char[] id = new char[LENGTH];
        id[0] = LETTERS.charAt(random.nextInt(LETTERS.length()));
        for (int index = 1; index < LENGTH; index++) {
            id[index] = SYMBOLS.charAt(random.nextInt(SYMBOLS.length()));
        }
        return new String(id);
    }
}
