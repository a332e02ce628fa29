package io.forebay.storage.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.storage.metadata.Stamp;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InquiryTest {
    private static final NodeId SELF = new NodeId("node-self");
    private static final NodeId A = new NodeId("node-a");
    private static final NodeId B = new NodeId("node-b");
    private static final NodeId C = new NodeId("node-c");

    @Test
    void onlyHolderOfAnEpochHasToAnswer() {
        Inquiry inquiry = inquiry(Answer.NOTHING, step(3, A));
        assertThat(inquiry.next()).containsExactly(A);
        inquiry.failed(A, silence(A));
        assertThat(inquiry.next()).isEmpty();
        assertThatThrownBy(inquiry::newest).isInstanceOf(StoreException.class).hasMessageContaining("node-a is silent");
    }

    @Test
    void oneOfSeveralHoldersTellsWhatAllHave() {
        Inquiry inquiry = inquiry(Answer.NOTHING, step(3, A, B));
        assertThat(inquiry.next()).containsExactly(A, B);
        inquiry.failed(A, silence(A));
        inquiry.answered(B, object(3, 7));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest()).isEqualTo(object(3, 7));
        assertThat(inquiry.holder()).isEqualTo(B);
        assertThat(inquiry.isAgreed()).isFalse();
    }

    @Test
    void holderThatIsNotSureToHaveItDoesNotStandForOneThatIs() {
        Inquiry inquiry = inquiry(Answer.NOTHING, new KeyHistory.Step(3, List.of(A, B), List.of(A)));
        assertThat(inquiry.next()).containsExactly(A, B);
        inquiry.failed(A, silence(A));
        inquiry.answered(B, Answer.NOTHING);
        assertThat(inquiry.next()).isEmpty();
        assertThatThrownBy(inquiry::newest).isInstanceOf(StoreException.class);
    }

    @Test
    void valueOfAnEpochEndsTheSearchInOlderOnes() {
        Inquiry inquiry = inquiry(Answer.NOTHING, step(5, A), step(4, B), step(2, C));
        assertThat(inquiry.next()).containsExactly(A);
        inquiry.answered(A, object(4, 1));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest()).isEqualTo(object(4, 1));
        assertThat(inquiry.isAgreed()).isTrue();
    }

    @Test
    void olderEpochsAreAskedAsLongAsTheyCanHaveSomethingNewer() {
        Inquiry inquiry = inquiry(object(1, 9), step(5, A), step(4, B), step(2, C));
        assertThat(inquiry.next()).containsExactly(A);
        inquiry.answered(A, Answer.NOTHING);
        assertThat(inquiry.next()).containsExactly(B);
        inquiry.answered(B, object(2, 3));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest()).isEqualTo(object(2, 3));
    }

    @Test
    void whatIsLostHereIsSoughtAmongTheOthersAndOlderOnesDoNotStandForIt() {
        StoreException loss = new StoreException(ErrorCode.CORRUPT, "lost");
        KeyHistory.Step before = new KeyHistory.Step(4, List.of(SELF, B), List.of(SELF, B));
        KeyHistory history = new KeyHistory(5, List.of(SELF, A), 5, false, List.of(before, step(2, C)));
        Inquiry inquiry = Inquiry.amongOthers(history, SELF, loss);
        assertThat(inquiry.next()).containsExactly(A);
        inquiry.answered(A, Answer.NOTHING);
        assertThat(inquiry.next()).containsExactly(B);
        inquiry.failed(B, silence(B));
        assertThat(inquiry.next()).isEmpty();
        assertThatThrownBy(inquiry::newest).hasMessageContaining("node-b is silent");
    }

    @Test
    void whatOnlyThisNodeHadIsLost() {
        StoreException loss = new StoreException(ErrorCode.CORRUPT, "lost");
        KeyHistory history = new KeyHistory(5, List.of(SELF, A), 5, false, List.of(step(4, SELF), step(2, C)));
        Inquiry inquiry = Inquiry.amongOthers(history, SELF, loss);
        assertThat(inquiry.next()).containsExactly(A);
        inquiry.answered(A, Answer.NOTHING);
        assertThat(inquiry.next()).isEmpty();
        assertThatThrownBy(inquiry::newest).isSameAs(loss);
    }

    @Test
    void removalCountsAsAValue() {
        Inquiry inquiry = inquiry(object(2, 1), step(4, A), step(2, B));
        inquiry.next();
        inquiry.answered(A, new Answer(Answer.Kind.REMOVED, new Stamp(4, 2), 0, 0));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest().kind()).isEqualTo(Answer.Kind.REMOVED);
    }

    @Test
    void nodeIsAskedOnce() {
        Inquiry inquiry = inquiry(Answer.NOTHING, step(5, A, B), step(4, B, A));
        assertThat(inquiry.next()).containsExactly(A, B);
        inquiry.answered(A, Answer.NOTHING);
        inquiry.answered(B, Answer.NOTHING);
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest()).isEqualTo(Answer.NOTHING);
    }

    @Test
    void ownCopyOfAChangeThatMayNotBeAcknowledgedIsNotAgreedOn() {
        Inquiry inquiry = inquiry(object(4, 2), step(4, A, SELF));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.isAgreed()).isFalse();
        assertThat(inquiry(object(4, 2), step(4, A)).isAgreed()).isTrue();
    }

    @Test
    void changesOfTheSameStampAreNoAgreement() {
        Inquiry inquiry = inquiry(Answer.NOTHING, step(3, A, B));
        inquiry.next();
        inquiry.answered(A, object(3, 7));
        inquiry.answered(B, new Answer(Answer.Kind.OBJECT, new Stamp(3, 7), 10, 2));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest().stamp()).isEqualTo(new Stamp(3, 7));
        assertThat(inquiry.isAgreed()).isFalse();
    }

    @Test
    void holdersThatLeftForEverAreNotWaitedFor() {
        Inquiry inquiry = inquiry(Answer.NOTHING, new KeyHistory.Step(3, List.of(), List.of()), step(2, C));
        assertThat(inquiry.next()).containsExactly(C);
        inquiry.answered(C, object(2, 2));
        assertThat(inquiry.next()).isEmpty();
        assertThat(inquiry.newest()).isEqualTo(object(2, 2));
    }

    private static Inquiry inquiry(Answer local, KeyHistory.Step... earlier) {
        return new Inquiry(new KeyHistory(9, List.of(SELF), 9, false, List.of(earlier)), SELF, local);
    }

    private static KeyHistory.Step step(long epoch, NodeId... holders) {
        return new KeyHistory.Step(epoch, List.of(holders), List.of(holders));
    }

    private static Answer object(long epoch, long version) {
        return new Answer(Answer.Kind.OBJECT, new Stamp(epoch, version), 10, 1);
    }

    private static StoreException silence(NodeId node) {
        return new StoreException(ErrorCode.NODE_UNAVAILABLE, node + " is silent");
    }
}
