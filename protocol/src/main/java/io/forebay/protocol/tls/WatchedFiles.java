package io.forebay.protocol.tls;

import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metric;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What files give, looked at again and again once it is started. Changed ones that are good are taken; of bad ones a
/// warning says why, once for each change, and what was before them stays.
///
/// @param <F> what one reading of the files gives, equal when the files are
/// @param <C> what is made of it
final class WatchedFiles<F, C> implements Service {
    private static final System.Logger LOG = System.getLogger(WatchedFiles.class.getName());

    private final Source<F, C> source;
    private final Recurring watch;
    private final List<Consumer<C>> listeners = new CopyOnWriteArrayList<>();
    private final LongAdder taken;
    private final LongAdder refused;
    private volatile C current;
    private F seen;
    private @Nullable String lastRefusal;

    /// How files are read and understood; both throw INVALID_ARGUMENT.
    ///
    /// @param news what the log says before the words of what was taken
    /// @param words what it is, for the log
    record Source<F, C>(Supplier<F> reader, Function<F, C> maker, String news, Function<C, String> words) {}

    /// Reads the files. Throws INVALID_ARGUMENT.
    ///
    /// @param name of the thread
    /// @param reloads counts what was taken and what was refused, by outcome
    WatchedFiles(String name, Source<F, C> source, Duration every, Timers timers, Metrics metrics, Metric reloads) {
        this.source = source;
        this.seen = source.reader().get();
        this.current = source.maker().apply(seen);
        this.taken = metrics.counter(reloads, "outcome=\"taken\"");
        this.refused = metrics.counter(reloads, "outcome=\"refused\"");
        long nanos = every.toNanos();
        this.watch = new Recurring(name, timers, nanos, () -> {
            reload();
            return nanos;
        });
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }

    C current() {
        return current;
    }

    /// Tells of what was taken before the `reload` returns that took it.
    void whenChanged(Consumer<C> listener) {
        listeners.add(listener);
    }

    /// Looks at the files once. Gives whether something new is in force.
    synchronized boolean reload() {
        @Nullable F read = null;
        C next;
        try {
            read = source.reader().get();
            if (read.equals(seen)) {
                lastRefusal = null;
                return false;
            }
            next = source.maker().apply(read);
        } catch (StoreException e) {
            refuse(read, e.text());
            return false;
        }
        seen = read;
        lastRefusal = null;
        current = next;
        taken.increment();
        LOG.log(System.Logger.Level.INFO, () -> source.news() + source.words().apply(next));
        listeners.forEach(listener -> listener.accept(next));
        return true;
    }

    /// @param read what was refused, or null when it could not be read
    private void refuse(@Nullable F read, String why) {
        if (read == null && why.equals(lastRefusal)) {
            return;
        }
        if (read != null) {
            seen = read;
        }
        lastRefusal = why;
        refused.increment();
        LOG.log(
                System.Logger.Level.WARNING,
                () -> "the changed files of TLS are not taken, "
                        + source.words().apply(current) + " stays: " + why);
    }
}
