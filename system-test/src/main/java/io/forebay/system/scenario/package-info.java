/// What happens to a cluster while clients are at work: crashes, pauses, broken networks, changes of leader
/// and of members; with the check of what the clients saw, and of whether the cluster serves again in bounded
/// time.
@NullMarked
package io.forebay.system.scenario;

import org.jspecify.annotations.NullMarked;
