package io.forebay.system.scenario;

import io.forebay.system.process.Network;
import io.forebay.system.process.ProcessCluster;
import io.forebay.system.process.Quality;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The faults that a cluster can be given, with whom they hit decided by chance.
final class Faults {
    private static final Duration CLOCK_JUMP = Duration.ofHours(1);
    private static final Duration SLOW_DELAY = Duration.ofMillis(120);
    private static final long SLOW_BYTES_PER_SECOND = 2 << 20;
    private static final int MIN_FLAP_MILLIS = 50;
    private static final int MAX_FLAP_MILLIS = 1_500;

    private final ProcessCluster cluster;
    private final SplittableRandom random;

    Faults(ProcessCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    /// Kills any node, or the one that leads the cluster.
    Fault crash() {
        return crash(any(cluster.names()));
    }

    Fault crashOfLeader() {
        return crash(leader());
    }

    Fault pause() {
        return pause(any(cluster.names()));
    }

    Fault pauseOfLeader() {
        return pause(leader());
    }

    /// Cuts some of the nodes off from the others, in both directions; clients reach both sides, or one. As often
    /// as not those cut off are a gateway that does not lead and some storage nodes, which could go on serving.
    Fault partition() {
        List<String> all = shuffled(cluster.names());
        int split = 1 + random.nextInt(all.size() - 1);
        List<String> some = new ArrayList<>(all.subList(0, split));
        List<String> others = new ArrayList<>(all.subList(split, all.size()));
        int choice = random.nextInt(6);
        if (choice >= 3) {
            others = all;
            some = treacherous(all);
            others.removeAll(some);
        } else if (choice == 0) {
            (random.nextBoolean() ? some : others).add(Network.CLIENT);
        }
        return network(some + " cut off from " + others, some, others, Quality.CUT, true);
    }

    private List<String> treacherous(List<String> all) {
        String leader = leader();
        List<String> some = new ArrayList<>();
        List<String> nodes = new ArrayList<>();
        for (String name : all) {
            if (name.startsWith(ProcessCluster.STORAGE_NODE)) {
                nodes.add(name);
            } else if (some.isEmpty() && !name.equals(leader)) {
                some.add(name);
            }
        }
        some.addAll(nodes.subList(0, 1 + random.nextInt(nodes.size() - 1)));
        return some;
    }

    /// What one node sends to some of the others, or they to it, is lost.
    Fault oneWayPartition() {
        List<String> all = shuffled(cluster.names());
        List<String> one = List.of(all.getFirst());
        List<String> others = all.subList(1, 2 + random.nextInt(all.size() - 1));
        return random.nextBoolean()
                ? network(one + " unheard by " + others, one, others, Quality.CUT, false)
                : network(one + " deaf to " + others, others, one, Quality.CUT, false);
    }

    /// All that a node sends and gets is late and slow.
    Fault slowPeer() {
        String node = any(cluster.names());
        List<String> others = new ArrayList<>(cluster.names());
        others.remove(node);
        others.add(Network.CLIENT);
        Quality slow = Quality.slow(SLOW_DELAY, SLOW_BYTES_PER_SECOND);
        return network(node + " slow", List.of(node), others, slow, true);
    }

    /// A node's links are cut and whole in turn.
    Fault flappingLink() {
        String node = any(cluster.names());
        List<String> others = new ArrayList<>(cluster.names());
        others.remove(node);
        return new Flapping(
                network("", List.of(node), others, Quality.CUT, random.nextBoolean()),
                "links of " + node + " flapping",
                random.split());
    }

    /// A node's wall clock jumps by an hour, forth or back, and later back again.
    Fault clockJump() {
        String node = any(cluster.names());
        Duration shift = random.nextBoolean() ? CLOCK_JUMP : CLOCK_JUMP.negated();
        return new Fault() {
            @Override
            public String text() {
                return "clock of " + node + " off by " + shift.toMinutes() + " min";
            }

            @Override
            public Kind kind() {
                return Kind.NETWORK;
            }

            @Override
            public void begin() {
                if (cluster.isUp(node) && !cluster.isPaused(node)) {
                    cluster.shiftClock(node, shift);
                }
            }

            @Override
            public void end() {
                cluster.restoreClock(node);
            }
        };
    }

    /// Any one of those above.
    Fault any() {
        return switch (random.nextInt(cluster.network().canDelay() ? 9 : 8)) {
            case 0 -> crash();
            case 1 -> crashOfLeader();
            case 2 -> pause();
            case 3 -> pauseOfLeader();
            case 4 -> partition();
            case 5 -> oneWayPartition();
            case 6 -> flappingLink();
            case 7 -> clockJump();
            default -> slowPeer();
        };
    }

    private Fault crash(String node) {
        return new Fault() {
            @Override
            public String text() {
                return node + " killed";
            }

            @Override
            public Kind kind() {
                return Kind.PROCESS;
            }

            @Override
            public void begin() {
                if (cluster.isUp(node)) {
                    cluster.kill(node);
                }
            }

            @Override
            public void end() {
                if (!cluster.isUp(node)) {
                    cluster.start(node);
                }
            }
        };
    }

    private Fault pause(String node) {
        return new Fault() {
            @Override
            public String text() {
                return node + " paused";
            }

            @Override
            public Kind kind() {
                return Kind.NETWORK;
            }

            @Override
            public void begin() {
                if (cluster.isUp(node)) {
                    cluster.pause(node);
                }
            }

            @Override
            public void end() {
                if (cluster.isUp(node) && cluster.isPaused(node)) {
                    cluster.resume(node);
                }
            }
        };
    }

    private Fault network(
            String text, List<String> senders, List<String> receivers, Quality quality, boolean bothWays) {
        return new Fault() {
            @Override
            public String text() {
                return text;
            }

            @Override
            public Kind kind() {
                return Kind.NETWORK;
            }

            @Override
            public void begin() {
                set(quality);
            }

            @Override
            public void end() {
                set(Quality.WHOLE);
            }

            private void set(Quality wanted) {
                for (String sender : senders) {
                    for (String receiver : receivers) {
                        cluster.network().set(sender, receiver, wanted);
                        if (bothWays) {
                            cluster.network().set(receiver, sender, wanted);
                        }
                    }
                }
            }
        };
    }

    /// Begins and ends another fault again and again.
    private static final class Flapping implements Fault {
        private final Fault fault;
        private final String text;
        private final SplittableRandom random;
        private volatile boolean over;
        private Thread thread = Thread.ofVirtual().unstarted(this::flap);

        private Flapping(Fault fault, String text, SplittableRandom random) {
            this.fault = fault;
            this.text = text;
            this.random = random;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public Kind kind() {
            return Kind.NETWORK;
        }

        @Override
        public void begin() {
            thread = Thread.ofVirtual().start(this::flap);
        }

        @Override
        public void end() {
            over = true;
            LockSupport.unpark(thread);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        private void flap() {
            while (!over) {
                fault.begin();
                hold();
                fault.end();
                hold();
            }
        }

        private void hold() {
            if (!over) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MIN_FLAP_MILLIS, MAX_FLAP_MILLIS)));
            }
        }
    }

    private String leader() {
        String leader = cluster.leader();
        return leader == null ? any(cluster.names(ProcessCluster.GATEWAY)) : leader;
    }

    private String any(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    private List<String> shuffled(List<String> names) {
        List<String> shuffled = new ArrayList<>(names);
        for (int index = shuffled.size() - 1; index > 0; index--) {
            int other = random.nextInt(index + 1);
            String moved = shuffled.get(index);
            shuffled.set(index, shuffled.get(other));
            shuffled.set(other, moved);
        }
        return shuffled;
    }
}
