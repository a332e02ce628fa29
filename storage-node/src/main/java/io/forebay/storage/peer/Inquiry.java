package io.forebay.storage.peer;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The search for the newest value of a key among those that may have one: whom to ask next, and what follows
/// from the answers. Pure; for one thread.
///
/// Epochs are gone back to one by one. What was written under an epoch was committed by all of its holders
/// before it was acknowledged, so one holder's answer tells all of that, and the others' silence hides
/// nothing. What is older is with the holders of the epochs before.
final class Inquiry {
    private final List<KeyHistory.Step> earlier;
    private final Map<NodeId, Answer> answers = new HashMap<>();
    private final Map<NodeId, StoreException> failures = new HashMap<>();
    private int at;
    private Answer newest;
    private NodeId holder;
    private boolean agreed = true;
    private @Nullable StoreException unanswered;

    private Inquiry(List<KeyHistory.Step> steps, Answer newest, NodeId self) {
        this.earlier = List.copyOf(steps);
        this.newest = newest;
        this.holder = self;
    }

    /// @param local what this node itself has
    Inquiry(KeyHistory history, NodeId self, Answer local) {
        this(history.earlier(), local, self);
        answers.put(self, local);
    }

    /// Of a key whose value at this node, its primary, is lost: among the others alone, those of now first.
    ///
    /// @param loss what the search fails with where only this node could tell
    static Inquiry amongOthers(KeyHistory history, NodeId self, StoreException loss) {
        List<KeyHistory.Step> steps = new ArrayList<>();
        List<NodeId> replicas = history.replicas();
        if (!replicas.isEmpty()) {
            steps.add(new KeyHistory.Step(history.epoch(), replicas, replicas));
        }
        history.earlier().forEach(step -> steps.add(withLast(step, self)));
        Inquiry inquiry = new Inquiry(steps, Answer.NOTHING, self);
        inquiry.failed(self, loss);
        return inquiry;
    }

    /// A step of which another node's silence is told before this one's.
    private static KeyHistory.Step withLast(KeyHistory.Step step, NodeId self) {
        List<NodeId> sure = new ArrayList<>(step.sure());
        if (sure.remove(self)) {
            sure.add(self);
        }
        return new KeyHistory.Step(step.epoch(), step.nodes(), sure);
    }

    /// The nodes to ask now; each is answered for by `answered` or `failed` before this is called again.
    /// Empty when there is nobody left to ask.
    List<NodeId> next() {
        while (at < earlier.size() && unanswered == null && !isDecided(earlier.get(at))) {
            KeyHistory.Step step = earlier.get(at);
            List<NodeId> unknown = new ArrayList<>(step.nodes());
            unknown.removeIf(node -> answers.containsKey(node) || failures.containsKey(node));
            if (!unknown.isEmpty()) {
                return unknown;
            }
            judge(step);
            at++;
        }
        return List.of();
    }

    void answered(NodeId node, Answer answer) {
        answers.put(node, answer);
    }

    void failed(NodeId node, StoreException failure) {
        failures.put(node, failure);
    }

    /// The newest that there is of the key. Throws what a holder failed with whose answer is missing.
    Answer newest() {
        StoreException missing = unanswered;
        if (missing != null) {
            throw missing;
        }
        return newest;
    }

    /// A node that has it.
    NodeId holder() {
        return holder;
    }

    /// Whether every holder of the epoch that it was found under has it.
    boolean isAgreed() {
        return agreed;
    }

    /// Nothing that this step tells can be newer than what was found.
    private boolean isDecided(KeyHistory.Step step) {
        if (newest.kind() == Answer.Kind.NOTHING || newest.stamp().epoch() < step.epoch()) {
            return false;
        }
        if (at == 0 && newest.stamp().epoch() == step.epoch() && step.nodes().size() > 1) {
            // This node had it as a copy under that epoch, of a change that may never have been acknowledged.
            agreed = false;
        }
        return true;
    }

    private void judge(KeyHistory.Step step) {
        boolean told = step.sure().isEmpty() || step.sure().stream().anyMatch(answers::containsKey);
        if (!told) {
            unanswered = failures.get(step.sure().getFirst());
            return;
        }
        Answer before = newest;
        for (NodeId node : step.nodes()) {
            Answer answer = answers.get(node);
            if (answer != null && answer.isNewerThan(newest)) {
                newest = answer;
                holder = node;
            }
        }
        boolean all = true;
        for (NodeId node : step.nodes()) {
            Answer answer = answers.get(node);
            all &= answer != null && answer.isSame(newest);
        }
        boolean found = !newest.equals(before) || at == 0;
        agreed = found ? all : agreed || all;
    }
}
