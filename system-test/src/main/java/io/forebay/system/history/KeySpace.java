package io.forebay.system.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The keys that all clients of a run share, in groups with a common prefix. A key that is used up gives way
/// to a new one, and so does a group. Safe to share between threads.
final class KeySpace {
    private static final int MAX_KEYS_OF_GROUP = 24;

    private final int activeKeys;
    private final List<Group> groups = new ArrayList<>();
    private final List<Group> all = new ArrayList<>();
    private int nextKey;

    /// Keys with a common prefix.
    static final class Group {
        private final String prefix;
        private final List<Key> active = new ArrayList<>();
        private final List<Key> keys = new ArrayList<>();

        private Group(String prefix) {
            this.prefix = prefix;
        }

        String prefix() {
            return prefix;
        }
    }

    /// @param activeKeys of each group at a time
    KeySpace(int groups, int activeKeys) {
        this.activeKeys = activeKeys;
        for (int index = 0; index < groups; index++) {
            this.groups.add(newGroup());
        }
    }

    synchronized Key pick(SplittableRandom random) {
        int place = random.nextInt(groups.size());
        Group group = groups.get(place);
        int index = random.nextInt(activeKeys);
        Key key = group.active.get(index);
        if (!key.isUsedUp()) {
            return key;
        }
        if (group.keys.size() >= MAX_KEYS_OF_GROUP) {
            groups.set(place, newGroup());
            return key;
        }
        Key fresh = newKey(group);
        group.active.set(index, fresh);
        return fresh;
    }

    synchronized Group pickGroup(SplittableRandom random) {
        return groups.get(random.nextInt(groups.size()));
    }

    /// The keys of a group up to now, used up or not.
    synchronized List<Key> keysOf(Group group) {
        return List.copyOf(group.keys);
    }

    synchronized List<Group> groups() {
        return List.copyOf(all);
    }

    synchronized List<Key> keys() {
        return all.stream().flatMap(group -> group.keys.stream()).toList();
    }

    private Group newGroup() {
        Group group = new Group("g" + all.size() + "/");
        all.add(group);
        while (group.active.size() < activeKeys) {
            group.active.add(newKey(group));
        }
        return group;
    }

    private Key newKey(Group group) {
        Key key = new Key(group.prefix + "k" + nextKey++);
        group.keys.add(key);
        return key;
    }
}
