package io.forebay.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.raft.Membership.Founder;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same class as the log of one, as a member among three.
final class RaftGroupOfThreeIT {
    /// Tells at length of every connection that this test cuts.
    private static final Logger TRANSPORT_LOG = Logger.getLogger("org.apache.ratis.grpc");

    private static final Logger RETRY_LOG = Logger.getLogger("org.apache.ratis.util.LogUtils");

    static {
        TRANSPORT_LOG.setLevel(Level.OFF);
        RETRY_LOG.setLevel(Level.OFF);
    }

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final UUID GROUP = UUID.randomUUID();

    @TempDir
    Path temporary;

    private final List<Member> members = new ArrayList<>();

    private record Member(NodeId id, CurrentState state, RaftCommandLog log) {}

    @AfterEach
    void closeMembers() {
        members.forEach(member -> member.log.close());
    }

    @Test
    void leaderAloneOrdersAndItsEndLosesNothing() throws Exception {
        List<Founder> founders = List.of(founder("node1"), founder("node2"), founder("node3"));
        for (Founder founder : founders) {
            members.add(member(founder.id(), founders));
        }
        startTogether(members);
        for (int number = 0; number < 20; number++) {
            createBucket("before" + number);
        }
        awaitVersion(21);
        assertThat(members)
                .allSatisfy(member -> assertThat(member.state.current())
                        .isEqualTo(members.getFirst().state.current()));
        assertThat(members.getFirst().state.current().clusterId()).isNotEmpty();

        Member ended = createBucket("last");
        ended.log.close();
        members.remove(ended);
        createBucket("after");
        awaitVersion(23);

        Member again = member(ended.id, founders);
        members.add(again);
        startTogether(List.of(again));
        createBucket("together");
        awaitVersion(24);
        assertThat(again.state.current().buckets()).hasSize(23);
        assertThat(again.state.current()).isEqualTo(members.getFirst().state.current());
    }

    private Member member(NodeId id, List<Founder> founders) {
        CurrentState state = new CurrentState();
        RaftCommandLog log = new RaftCommandLog(
                Settings.defaults(RaftConfig.class),
                id,
                temporary.resolve(id.value()),
                new Membership.Founders(GROUP, founders),
                state,
                new Metrics());
        return new Member(id, state, log);
    }

    private static void startTogether(List<Member> members) throws InterruptedException {
        List<Thread> starts = members.stream()
                .map(member -> Thread.ofVirtual().start(member.log::start))
                .toList();
        for (Thread start : starts) {
            start.join();
        }
    }

    /// Asks one after the other until the leader takes it; returns the leader.
    private Member createBucket(String name) {
        Command command = new Command.CreateBucket(BucketName.of(name), 1, Map.of());
        while (true) {
            for (Member member : members) {
                try {
                    assertThat(member.log.submit(command)).isInstanceOf(Applied.Changed.class);
                    return member;
                } catch (StoreException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_LEADER);
                }
            }
        }
    }

    private void awaitVersion(long version) {
        members.forEach(member -> member.state.await(version, LONG));
    }

    private static Founder founder(String id) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket socket = new ServerSocket(0, 1, loopback)) {
            return new Founder(new NodeId(id), new InetSocketAddress(loopback, socket.getLocalPort()));
        }
    }
}
