package io.forebay.gateway.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PageMergeTest {
    private static Page.Entry object(String name, long size) {
        return new Page.Entry(name, false, size, 0, 0, 7, "", Map.of(), "", Map.of());
    }

    private static Page all(Page.Entry... entries) {
        return new Page(List.of(entries), false);
    }

    private static Page some(Page.Entry... entries) {
        return new Page(List.of(entries), true);
    }

    private static PageMerge merge(String delimiter, int limit) {
        return new PageMerge(new PageRequest("", "", delimiter, limit, false));
    }

    private static PageMerge holdings(String delimiter, Page... pages) {
        PageMerge merge = merge(delimiter, 10);
        merge.addHoldings(List.of(pages));
        assertThat(merge.isComplete()).isTrue();
        return merge;
    }

    @Test
    void newestStampOfANameCountsByEpochThenByChange() {
        PageMerge merge = holdings(
                "",
                all(object("a", 1).stamped(3, 9), object("b", 1).stamped(4, 1)),
                all(object("a", 2).stamped(4, 1), object("b", 2).stamped(4, 2)));
        assertThat(merge.page()).isEqualTo(all(object("a", 2), object("b", 2)));
    }

    @Test
    void whatIsCertainCountsOverANewerStamp() {
        PageMerge merge = holdings(
                "",
                all(object("a", 1).stamped(9, 9), object("b", 1).stamped(9, 9)),
                all(object("a", 2), Page.Entry.removed("b", 0, 0)));
        assertThat(merge.page()).isEqualTo(all(object("a", 2)));
    }

    @Test
    void newerTombstoneDropsANameAndAnOlderOneDoesNot() {
        PageMerge merge = holdings(
                "",
                all(object("a", 1).stamped(3, 1), object("b", 1).stamped(3, 3)),
                all(Page.Entry.removed("a", 3, 2), Page.Entry.removed("b", 3, 2)));
        assertThat(merge.page()).isEqualTo(all(object("b", 1)));
    }

    @Test
    void groupOfRemovedObjectsIsNone() {
        PageMerge merge = holdings(
                "/",
                all(object("a/x", 1).stamped(3, 1), object("b/x", 1).stamped(3, 1)),
                all(Page.Entry.removed("a/x", 3, 2), object("c/y", 1).stamped(3, 1)));
        assertThat(merge.page()).isEqualTo(all(Page.Entry.group("b/"), Page.Entry.group("c/")));
    }

    @Test
    void certainGroupIsOneWhateverElseIsKnownOfIt() {
        PageMerge merge =
                holdings("/", all(Page.Entry.group("a/"), object("b", 1)), all(Page.Entry.removed("a/x", 3, 2)));
        assertThat(merge.page()).isEqualTo(all(Page.Entry.group("a/"), object("b", 1)));
    }

    /// The second page says nothing of `c`, which may have been removed there.
    @Test
    void nothingCountsBehindTheEndOfATruncatedPage() {
        PageMerge merge = merge("", 10);
        merge.addHoldings(List.of(
                all(object("a", 1).stamped(3, 1), object("c", 1).stamped(3, 1)),
                some(object("b", 2).stamped(3, 1))));
        assertThat(merge.isComplete()).isFalse();
        assertThat(merge.nextHoldings().after()).isEqualTo("b");
        merge.addHoldings(List.of(all(object("c", 1).stamped(3, 1)), all(Page.Entry.removed("c", 3, 2))));
        assertThat(merge.page()).isEqualTo(all(object("a", 1), object("b", 2)));
    }

    @Test
    void groupThatIsCertainIsPassedOver() {
        PageMerge merge = merge("/", 10);
        merge.addHoldings(
                List.of(some(object("a/1", 1).stamped(3, 1), object("a/2", 1).stamped(3, 1)), all()));
        assertThat(merge.nextHoldings().after()).isEqualTo("a/");
        assertThat(merge.nextHoldings().past()).isTrue();
    }

    /// An object may have the name of the group that it is in.
    @Test
    void groupThatIsNotCertainIsNotPassedOver() {
        PageMerge merge = merge("/", 10);
        merge.addHoldings(List.of(some(Page.Entry.removed("a/", 3, 1)), all()));
        assertThat(merge.nextHoldings().after()).isEqualTo("a/");
        assertThat(merge.nextHoldings().past()).isFalse();
        merge.addHoldings(List.of(all(object("a/1", 1).stamped(3, 1)), all()));
        assertThat(merge.page()).isEqualTo(all(Page.Entry.group("a/")));
    }

    @Test
    void fullPageHasMoreOnlyWhenAnObjectIsBehindIt() {
        PageMerge merge = merge("", 1);
        merge.addHoldings(List.of(some(object("a", 1).stamped(3, 1))));
        assertThat(merge.isComplete()).isFalse();
        merge.addHoldings(List.of(all(Page.Entry.removed("b", 3, 1))));
        assertThat(merge.page()).isEqualTo(all(object("a", 1)));
    }

    @Test
    void settledNodesThatHaveMoreNeedNotBeAskedForIt() {
        PageMerge merge = merge("", 1);
        assertThat(merge.nextPage().limit()).isEqualTo(1);
        merge.addPages(List.of(some(object("a", 1))));
        assertThat(merge.isComplete()).isTrue();
        assertThat(merge.page()).isEqualTo(some(object("a", 1)));
    }
}
