package io.myelin.files;

import java.util.List;

/**
 * What became of the writing of a state file.
 *
 * @param writtenMillis wall clock of the last time that it was written, 0 for never
 * @param pools how many it had then
 * @param entries how many endpoints they had
 * @param bytes its size then
 * @param writes how often it was written
 * @param failures how often it could not be written
 */
public record StateFileFacts(long writtenMillis, int pools, int entries, int bytes, long writes, long failures) {
    static final StateFileFacts NONE = new StateFileFacts(0, 0, 0, 0, 0, 0);

    StateFileFacts written(long nowMillis, List<RememberedPool> remembered, int size) {
        int endpoints =
                remembered.stream().mapToInt(pool -> pool.endpoints().size()).sum();
        return new StateFileFacts(nowMillis, remembered.size(), endpoints, size, writes + 1, failures);
    }

    StateFileFacts failed() {
        return new StateFileFacts(writtenMillis, pools, entries, bytes, writes, failures + 1);
    }
}
