package io.forebay.system.simulation;

import java.util.PriorityQueue;

/// A clock that stands still while something happens, and then jumps to whatever is next. For one thread.
final class VirtualTime {
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now;
    private long number;

    private record Event(long at, long number, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    /// Nanoseconds since the begin.
    long now() {
        return now;
    }

    void after(long nanos, Runnable action) {
        events.add(new Event(now + nanos, number++, action));
    }

    /// Lets happen what is due until then.
    void run(long until) {
        for (Event next = events.peek(); next != null && next.at <= until; next = events.peek()) {
            events.poll();
            now = next.at;
            next.action.run();
        }
        now = Math.max(now, until);
    }
}
