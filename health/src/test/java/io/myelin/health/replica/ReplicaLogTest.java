package io.myelin.health.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.testing.FakeClock;
import io.myelin.testing.QueuedExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaLogTest {
    private final QueuedExecutor readers = new QueuedExecutor();
    private final ReplicaLog log = new ReplicaLog(readers, new FakeClock());

    @Test
    void theLastLinesAreKept() {
        for (int i = 0; i < ReplicaLog.LINES + 10; i++) {
            log.output("web_1", "line " + i);
        }

        assertThat(log.lines())
                .hasSize(ReplicaLog.LINES)
                .startsWith("[web_1]: line 10")
                .endsWith("[web_1]: line " + (ReplicaLog.LINES + 9));
    }

    @Test
    void longLinesAreFewer() {
        String text = "x".repeat(LineSplitter.LONGEST_BYTES);
        for (int i = 0; i < 2_000; i++) {
            log.output("web_1", text);
        }

        assertThat(log.lines().stream().mapToLong(String::length).sum())
                .isBetween((long) ReplicaLog.CHARACTERS - 2L * text.length(), (long) ReplicaLog.CHARACTERS);
    }

    @Test
    void aSlowReaderMissesLinesAndIsToldSo() {
        List<String> read = new ArrayList<>();
        log.follow(read::add);
        for (int i = 0; i < 1_005; i++) {
            log.output("web_1", "line " + i);
        }
        assertThat(read).isEmpty();
        readers.runAll();

        assertThat(read).hasSize(1_001).startsWith("[web_1]: line 0").endsWith("... 5 lines left out");
        log.output("web_1", "more");
        readers.runAll();
        assertThat(read).endsWith("[web_1]: more");
    }

    @Test
    void aReaderThatFailsGetsNoMoreAndHarmsNobody() {
        List<String> read = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        log.follow(line -> {
            failed.add(line);
            throw new IllegalStateException("reader");
        });
        log.follow(read::add);
        log.output("web_1", "one");
        log.output("web_1", "two");
        readers.runAll();

        assertThat(failed).hasSize(1);
        assertThat(read).hasSize(2);
    }
}
