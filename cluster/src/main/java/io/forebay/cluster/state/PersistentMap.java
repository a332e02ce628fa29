package io.forebay.cluster.state;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An unmodifiable hash map that gives a changed map without copying itself: both share all but a few small arrays.
///
/// With it a command costs the same among 10,000 buckets as among ten; copying a hash map cost a millisecond. Keys and
/// values are never null. The order of iteration says nothing.
final class PersistentMap<K, V> extends AbstractMap<K, V> {
    /*
     * A hash array mapped trie. A branch looks at five bits of the hash and has a child for each value that occurs; a
     * leaf holds all entries of one hash, nearly always one. Every branch has two children or more, or one that is a
     * branch: so equal contents have equal shapes.
     */
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);
    private static final int BITS = 5;

    private final @Nullable Trie<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Trie<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // It holds nothing.
    static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /// The map itself when it is one of these.
    static <K, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
        if (map instanceof PersistentMap<K, V> same) {
            return same;
        }
        PersistentMap<K, V> copy = empty();
        for (Entry<K, V> entry : map.entrySet()) {
            copy = copy.with(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    PersistentMap<K, V> with(K key, V value) {
        Leaf<K, V> leaf = Leaf.of(key, value);
        int grown = containsKey(key) ? size : size + 1;
        return new PersistentMap<>(root == null ? leaf : root.with(leaf, 0), grown);
    }

    PersistentMap<K, V> without(K key) {
        if (root == null || !containsKey(key)) {
            return this;
        }
        return size == 1 ? empty() : new PersistentMap<>(root.without(key, hash(key), 0), size - 1);
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        if (root == null || key == null) {
            return null;
        }
        int hash = hash(key);
        Trie<K, V> node = root;
        for (int shift = 0; node instanceof Branch<K, V> branch; shift += BITS) {
            int bit = bit(hash, shift);
            if ((branch.bitmap & bit) == 0) {
                return null;
            }
            node = branch.children[branch.index(bit)];
        }
        return node instanceof Leaf<K, V> leaf && leaf.hash == hash ? leaf.find(key) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Walk<>(root);
            }
        };
    }

    private static int hash(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    private static int bit(int hash, int shift) {
        return 1 << ((hash >>> shift) & 31);
    }

    private sealed interface Trie<K, V> {
        /// This with the leaf's one entry added, or in place of the entry of its key.
        Trie<K, V> with(Leaf<K, V> leaf, int shift);

        /// This without the key's entry; null when nothing is left.
        @Nullable
        Trie<K, V> without(K key, int hash, int shift);
    }

    private static final class Leaf<K, V> implements Trie<K, V> {
        private final int hash;
        private final Entry<K, V>[] entries;

        private Leaf(int hash, Entry<K, V>[] entries) {
            this.hash = hash;
            this.entries = entries;
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic type.
        static <K, V> Leaf<K, V> of(K key, V value) {
            return new Leaf<>(hash(key), new Entry[] {Map.entry(key, value)});
        }

        @Nullable
        V find(Object key) {
            int index = indexOf(key);
            return index < 0 ? null : entries[index].getValue();
        }

        @Override
        public Trie<K, V> with(Leaf<K, V> leaf, int shift) {
            if (leaf.hash != hash) {
                return new Branch<>(bit(hash, shift), Branch.array(this)).with(leaf, shift);
            }
            Entry<K, V> added = leaf.entries[0];
            int index = indexOf(added.getKey());
            Entry<K, V>[] next = Arrays.copyOf(entries, index < 0 ? entries.length + 1 : entries.length);
            next[index < 0 ? entries.length : index] = added;
            return new Leaf<>(hash, next);
        }

        @Override
        public @Nullable Trie<K, V> without(K key, int keyHash, int shift) {
            int index = indexOf(key);
            if (entries.length == 1) {
                return null;
            }
            Entry<K, V>[] next = Arrays.copyOf(entries, entries.length - 1);
            System.arraycopy(entries, index + 1, next, index, next.length - index);
            return new Leaf<>(hash, next);
        }

        private int indexOf(Object key) {
            for (int index = 0; index < entries.length; index++) {
                if (entries[index].getKey().equals(key)) {
                    return index;
                }
            }
            return -1;
        }
    }

    private static final class Branch<K, V> implements Trie<K, V> {
        private final int bitmap;
        private final Trie<K, V>[] children;

        Branch(int bitmap, Trie<K, V>[] children) {
            this.bitmap = bitmap;
            this.children = children;
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic type.
        static <K, V> Trie<K, V>[] array(Trie<K, V> child) {
            return new Trie[] {child};
        }

        int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }

        @Override
        public Trie<K, V> with(Leaf<K, V> leaf, int shift) {
            int bit = bit(leaf.hash, shift);
            int index = index(bit);
            if ((bitmap & bit) != 0) {
                return replaced(index, children[index].with(leaf, shift + BITS));
            }
            Trie<K, V>[] next = Arrays.copyOf(children, children.length + 1);
            System.arraycopy(children, index, next, index + 1, children.length - index);
            next[index] = leaf;
            return new Branch<>(bitmap | bit, next);
        }

        @Override
        public @Nullable Trie<K, V> without(K key, int hash, int shift) {
            int bit = bit(hash, shift);
            int index = index(bit);
            Trie<K, V> child = children[index].without(key, hash, shift + BITS);
            if (child != null) {
                return children.length == 1 && child instanceof Leaf ? child : replaced(index, child);
            }
            if (children.length == 2 && children[1 - index] instanceof Leaf<K, V> last) {
                return last;
            }
            Trie<K, V>[] next = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, index + 1, next, index, next.length - index);
            return new Branch<>(bitmap & ~bit, next);
        }

        private Branch<K, V> replaced(int index, Trie<K, V> child) {
            Trie<K, V>[] next = children.clone();
            next[index] = child;
            return new Branch<>(bitmap, next);
        }
    }

    /// Goes through all entries, depth first.
    private static final class Walk<K, V> implements Iterator<Entry<K, V>> {
        private final Deque<Trie<K, V>> ahead = new ArrayDeque<>();
        private @Nullable Leaf<K, V> leaf;
        private int next;

        Walk(@Nullable Trie<K, V> root) {
            if (root != null) {
                ahead.push(root);
            }
            advance();
        }

        @Override
        public boolean hasNext() {
            return leaf != null;
        }

        @Override
        public Entry<K, V> next() {
            if (leaf == null) {
                throw new NoSuchElementException();
            }
            Entry<K, V> entry = leaf.entries[next++];
            if (next == leaf.entries.length) {
                advance();
            }
            return entry;
        }

        private void advance() {
            leaf = null;
            next = 0;
            while (leaf == null && !ahead.isEmpty()) {
                switch (ahead.pop()) {
                    case Leaf<K, V> found -> leaf = found;
                    case Branch<K, V> branch -> {
                        for (Trie<K, V> child : branch.children) {
                            ahead.push(child);
                        }
                    }
                }
            }
        }
    }
}
