package io.forebay.storage.listing;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Scan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a page of a bucket of a million objects holds and reads: as much as is asked for, whatever else there is.
final class LargeBucketTest {
    private static final int OBJECTS = 1_000_000;
    private static final int FOLDER = 1_000;

    private final Names names = new Names();

    @Test
    void aPageReadsItsEntriesAndOneMore() {
        int listed = 0;
        String after = "";
        Page page;
        do {
            names.visited = 0;
            page = LocalPage.read(new PageRequest("", after, "", LocalPage.MAX_LIMIT, false), names, any -> true);
            assertThat(page.entries()).hasSize(LocalPage.MAX_LIMIT);
            // The name that it begins after, and the one that tells that there is more.
            assertThat(names.visited).isLessThanOrEqualTo(LocalPage.MAX_LIMIT + 2);
            listed += page.entries().size();
            after = page.entries().getLast().name();
        } while (page.truncated());
        assertThat(listed).isEqualTo(OBJECTS);
    }

    @Test
    void aFolderIsPassedOverWhateverItHolds() {
        Page page = LocalPage.read(new PageRequest("", "", "/", LocalPage.MAX_LIMIT, false), names, any -> true);
        assertThat(page.entries()).hasSize(OBJECTS / FOLDER).allMatch(Page.Entry::group);
        assertThat(names.visited).isEqualTo(OBJECTS / FOLDER);
    }

    @Test
    void aLatePageReadsNothingOfWhatIsBeforeIt() {
        Page page = LocalPage.read(new PageRequest("", "00998/999", "", 10, false), names, any -> true);
        assertThat(page.entries()).hasSize(10);
        assertThat(page.entries().getFirst().name()).isEqualTo("00999/000");
        assertThat(names.visited).isLessThanOrEqualTo(12);
    }

    /// A cursor over `00000/000` to `00999/999`, which are made when it stands on them.
    private static final class Names implements Scan {
        private final ObjectRecord record = ObjectRecord.of(
                new RecordDraft(1, 1, 1, 1, List.of(), null, null, Map.of(), Map.of(), null, List.of()).encode());
        private int next;
        private int visited;

        @Override
        public boolean next() {
            if (next == OBJECTS) {
                return false;
            }
            next++;
            visited++;
            return true;
        }

        @Override
        public String name() {
            return name(next - 1);
        }

        @Override
        public ObjectRecord record() {
            return record;
        }

        @Override
        public void seek(String name) {
            moveTo(name);
        }

        @Override
        public void seekPast(String prefix) {
            moveTo(prefix + "\uffff");
        }

        @Override
        public void close() {}

        private void moveTo(String least) {
            int low = 0;
            int high = OBJECTS;
            while (low < high) {
                int middle = (low + high) / 2;
                if (name(middle).compareTo(least) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            next = low;
        }

        private static String name(int index) {
            return "%05d/%03d".formatted(index / FOLDER, index % FOLDER);
        }
    }
}
