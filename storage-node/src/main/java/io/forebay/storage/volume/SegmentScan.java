package io.forebay.storage.volume;

import java.io.IOException;

/// Reads the records of one segment of an open volume, a piece at a time, while the volume is written.
///
/// Holds the file: a segment that is given back meanwhile stays as it is until this is closed. For one thread.
public final class SegmentScan implements AutoCloseable {
    private final OpenFile file;
    private final SegmentSurvey survey;
    private final boolean isFull;

    /// @param isFull whether the segment takes no more records, and so ends with a seal
    SegmentScan(OpenFile file, SegmentSurvey survey, boolean isFull) {
        this.file = file;
        this.survey = survey;
        this.isFull = isFull;
    }

    /// Whether records are missing behind where the scan has come to its end.
    public boolean isCutOff() {
        return isFull && survey.nextSegment() == 0;
    }

    /// Goes on by about that many bytes. False when the segment's records have ended.
    public boolean step(long bytes, LogSurvey.Visitor visitor) {
        try {
            return survey.step(bytes, visitor);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read segment " + FileIds.hex(file.id()), e);
        }
    }

    /// Where in the segment it has come to.
    public long offset() {
        return survey.position().offset();
    }

    @Override
    public void close() {
        file.release();
    }
}
