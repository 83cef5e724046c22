package io.myelin.admin;

import static io.myelin.admin.Family.counter;
import static io.myelin.admin.Family.gauge;

import io.myelin.files.StateFileFacts;
import java.util.List;

/** The metrics of the state file, where one is kept. */
final class StateFileMetrics {
    private StateFileMetrics() {}

    static List<Family<StateFileFacts>> families(Times times) {
        return List.of(
                gauge(
                        "myelin_state_file_written_timestamp_seconds",
                        "When the state file was last written, in Unix time; 0 for never.",
                        (seen, text) -> text.value(seen.writtenMillis() / 1e3)),
                gauge(
                        "myelin_state_file_age_seconds",
                        "Time since the state file was last written; since 1970 if it never was.",
                        (seen, text) -> text.value((times.nowMillis() - seen.writtenMillis()) / 1e3)),
                gauge("myelin_state_file_pools", "Pools in the state file.", (seen, text) -> text.value(seen.pools())),
                gauge(
                        "myelin_state_file_entries",
                        "Endpoints in the state file.",
                        (seen, text) -> text.value(seen.entries())),
                gauge("myelin_state_file_bytes", "Size of the state file.", (seen, text) -> text.value(seen.bytes())),
                counter(
                        "myelin_state_file_writes_total",
                        "Times that the state file was written.",
                        (seen, text) -> text.value(seen.writes())),
                counter(
                        "myelin_state_file_failures_total",
                        "Times that the state file could not be written.",
                        (seen, text) -> text.value(seen.failures())));
    }
}
