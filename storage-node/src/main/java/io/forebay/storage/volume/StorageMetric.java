package io.forebay.storage.volume;

import io.forebay.common.metrics.Metric;

/// The metrics of a storage node's kernel. All have the label `volume`.
public enum StorageMetric implements Metric {
    WRITTEN_BYTES("storage_written_bytes_total", Kind.COUNTER, "Object bytes committed."),
    READ_OPENED("storage_reads_total", Kind.COUNTER, "Reads that opened object bytes."),
    COMMITS("storage_commits_total", Kind.COUNTER, "Log records committed."),
    GROUPS("storage_commit_groups_total", Kind.COUNTER, "Groups of log records written together."),
    COMMIT_TIME("storage_commit_seconds", Kind.HISTOGRAM, "From a record's arrival at the log to its visibility."),
    LOG_BYTES("storage_log_bytes_total", Kind.COUNTER, "Bytes written to segments, padding included."),
    LOG_SYNC_TIME("storage_log_sync_seconds", Kind.HISTOGRAM, "Syncs of a segment."),
    FILE_SYNC_TIME("storage_file_sync_seconds", Kind.HISTOGRAM, "Syncs of a large file."),
    OBJECTS("storage_objects", Kind.GAUGE, "Objects in the index."),
    SEGMENTS("storage_segments", Kind.GAUGE, "Segment files in use."),
    SPARE_SEGMENTS("storage_spare_segments", Kind.GAUGE, "Segment files ready to be used."),
    SIDECARS_FAILED(
            "storage_sidecars_failed_total",
            Kind.COUNTER,
            "Times that what was derived from an object could not be kept beside it."),
    UNSYNCED_SEGMENTS(
            "storage_unsynced_segments",
            Kind.GAUGE,
            "Full segments that are not on stable storage yet (limit unsynced-segments)."),
    SEGMENT_LIVE_BYTES("storage_segment_live_bytes", Kind.GAUGE, "Bytes in segments that are still needed."),
    LARGE_FILE_BYTES("storage_large_file_bytes", Kind.GAUGE, "Bytes in files of large objects."),
    SEGMENTS_FREED("storage_segments_freed_total", Kind.COUNTER, "Dead segments removed or made spare."),
    SEGMENTS_COMPACTED(
            "storage_segments_compacted_total", Kind.COUNTER, "Segments whose needed bytes were moved elsewhere."),
    COMPACTION_MOVED_BYTES("storage_compaction_moved_bytes_total", Kind.COUNTER, "Bytes moved by compaction."),
    AMPLIFICATION(
            "storage_amplification", Kind.GAUGE, "Bytes of segments, spare ones included, to those that are needed."),
    FILES_FREED("storage_files_freed_total", Kind.COUNTER, "Large files removed."),
    ORPHANS_REMOVED("storage_orphans_removed_total", Kind.COUNTER, "Files without an owner removed after a start."),
    REPLAYED_RECORDS("storage_replayed_records_total", Kind.COUNTER, "Log records replayed at start."),
    OPEN_FILES("storage_open_files", Kind.GAUGE, "Files open for readers (limit open-files)."),
    OPEN_FILES_EVICTED(
            "storage_open_files_evicted_total",
            Kind.COUNTER,
            "Files closed because of limit open-files or open-files-share."),
    DESCRIPTORS(
            "storage_descriptors",
            Kind.GAUGE,
            "File descriptors of all volumes of the process (limit open-files-share)."),
    DESCRIPTORS_LIMIT(
            "storage_descriptors_limit",
            Kind.GAUGE,
            "The descriptors at which volumes close files that are not in use."),
    WRITE_MEMORY_BYTES("storage_write_memory_bytes", Kind.GAUGE, "Small objects in memory (limit write-memory)."),
    FREE_BYTES("storage_free_bytes", Kind.GAUGE, "Bytes that may be written before the reserve begins."),
    REFUSED_NO_SPACE("storage_refused_no_space_total", Kind.COUNTER, "Writes refused below the reserve."),
    REFUSED_KEY_BUSY("storage_refused_key_busy_total", Kind.COUNTER, "Writes refused by limit key-waiters."),
    INDEX_MEMORY_BYTES("storage_index_memory_bytes", Kind.GAUGE, "Memory of all indexes (limit index.memory)."),
    INDEX_MEMORY_LIMIT_BYTES("storage_index_memory_limit_bytes", Kind.GAUGE, "The setting index.memory."),
    INDEX_CACHE_BYTES(
            "storage_index_cache_bytes",
            Kind.GAUGE,
            "Of the memory of all indexes: blocks, filters and entries not in files yet."),
    INDEX_UNFLUSHED_BYTES("storage_index_unflushed_bytes", Kind.GAUGE, "Index entries in memory only."),
    LARGE_RECORD_BYTES(
            "storage_large_record_bytes", Kind.GAUGE, "Index entries kept beside the hot table (limit large-share)."),
    LARGE_RECORDS_EVICTED(
            "storage_large_records_evicted", Kind.GAUGE, "Index entries dropped since the start by limit large-share."),
    INDEX_FLUSHES("storage_index_flushes_total", Kind.COUNTER, "Flushes of the index."),
    SCRUBBED_BYTES("storage_scrubbed_bytes_total", Kind.COUNTER, "Stored bytes verified in the background."),
    SCRUB_POSITION("storage_scrub_position_bytes", Kind.GAUGE, "Bytes verified by the pass under way; 0 without one."),
    SCRUB_AGE("storage_scrub_age_seconds", Kind.GAUGE, "Since the last full pass over all stored bytes ended."),
    SCRUB_FAILED("storage_scrub_failed", Kind.GAUGE, "1 while the scrub of the volume fails."),
    DAMAGE_FOUND("storage_damage_found_total", Kind.COUNTER, "Objects and parts that were found to be damaged."),
    DAMAGED_OBJECTS("storage_damaged_objects", Kind.GAUGE, "Damaged objects and parts, which are not served."),
    INDEX_DAMAGED("storage_index_damaged", Kind.GAUGE, "1 after an index file was found to be damaged."),
    UPKEEP_FAILED("storage_upkeep_failed", Kind.GAUGE, "1 while the background work of the volume fails."),
    SERVING("storage_volume_serving", Kind.GAUGE, "1 while the volume is in service, 0 while it is not."),
    IO_ERRORS(
            "storage_io_errors",
            Kind.GAUGE,
            "Operations (read or write) that the disk failed since the volume was opened."),
    DISK_FULL(
            "storage_disk_full_errors",
            Kind.GAUGE,
            "Writes that the disk refused as full since the volume was opened."),
    OPEN_REFUSED(
            "storage_open_refused",
            Kind.GAUGE,
            "Files that could not be opened since the volume was, because too many were open (ulimit -n)."),
    SPILLED("storage_spilled_writes_total", Kind.COUNTER, "Objects written to another volume, as theirs was full."),
    MOVED_OBJECTS("storage_moved_objects_total", Kind.COUNTER, "Objects moved to the volume where they belong."),
    MOVED_UPLOADS(
            "storage_moved_uploads_total", Kind.COUNTER, "Uploads in progress moved to the volume of their object."),
    MOVED_BYTES("storage_moved_bytes_total", Kind.COUNTER, "Bytes of objects moved (limit move-rate)."),
    MOVE_FAILED(
            "storage_move_failures_total", Kind.COUNTER, "Objects that could not be moved and stay where they are."),
    OBJECTS_LEFT("storage_move_objects_left", Kind.GAUGE, "Objects that the mover has yet to take from the volume."),
    BYTES_LEFT("storage_move_bytes_left", Kind.GAUGE, "Bytes of the objects that the mover has yet to take."),
    FAILED("storage_volume_failed", Kind.GAUGE, "1 when the volume refuses writes after an I/O error.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    StorageMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_" + name;
        this.kind = kind;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
