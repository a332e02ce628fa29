package io.forebay.bench.load;

/// A kind of request: latencies are kept for each.
///
/// @param bodiless whether the response has no body whatever its headers say, as for HEAD
/// @param mayMiss whether 404 is as good an answer as 2xx
public record Operation(String name, boolean bodiless, boolean mayMiss) {
    public static Operation of(String name) {
        return new Operation(name, false, false);
    }

    boolean accepts(int status) {
        return (status >= 200 && status < 300) || (mayMiss && status == 404);
    }
}
