package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What a member tells a gateway that asks it: lines of words.
///
/// @param group the Raft group that the member is of
/// @param term its term
/// @param leads whether it leads, and has applied whatever was agreed before
/// @param committed the index of the newest entry that it knows to be agreed
/// @param voters the members of the group
record Hello(UUID group, long term, boolean leads, long committed, List<Peer> voters) {
    static final String PATH = HttpTransport.PREFIX + "hello";

    private static final String STATE = "member";
    private static final String VOTER = "voter";

    byte[] encode() {
        StringBuilder text = new StringBuilder();
        text.append(String.join(" ", STATE, group.toString(), Long.toString(term), Boolean.toString(leads)))
                .append(' ')
                .append(committed)
                .append('\n');
        for (Peer voter : voters) {
            text.append(String.join(" ", VOTER, voter.id().value(), voter.controlUrl()))
                    .append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Lines of kinds that it does not know are passed over: a newer Forebay may tell more.
    static Hello decode(String text) {
        List<String> lines = text.lines().toList();
        try {
            List<String> state = List.of(lines.getFirst().split(" ", -1));
            List<Peer> voters = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                List<String> words = List.of(line.split(" ", -1));
                if (words.getFirst().equals(VOTER)) {
                    voters.add(new Peer(new NodeId(words.get(1)), words.get(2)));
                }
            }
            return new Hello(
                    UUID.fromString(state.get(1)),
                    Long.parseLong(state.get(2)),
                    Boolean.parseBoolean(state.get(3)),
                    Long.parseLong(state.get(4)),
                    voters);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | java.util.NoSuchElementException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a gateway's greeting cannot be read: " + lines, e);
        }
    }
}
