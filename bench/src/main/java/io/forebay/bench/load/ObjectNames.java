package io.forebay.bench.load;

/// Names of the objects of a load: `o` and eight digits.
public final class ObjectNames {
    private static final int DIGITS = 8;

    private ObjectNames() {}

    public static String of(long number) {
        String digits = Long.toString(number);
        return "o" + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits;
    }
}
