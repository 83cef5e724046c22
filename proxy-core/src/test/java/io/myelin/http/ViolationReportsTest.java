package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.myelin.testing.FakeClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ViolationReportsTest {
    private final FakeClock clock = new FakeClock();
    private final ViolationReports reports = new ViolationReports(clock);
    private final Logger logger = (Logger) LoggerFactory.getLogger(ViolationReports.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private List<String> lines() {
        return appender.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    @Test
    void aBrokenRuleIsReportedWithItsClause() {
        reports.report("web", true, "10.1.2.3:4", Violation.LENGTH_AND_ENCODING);

        assertThat(lines())
                .containsExactly("INFO Refused a request: listener=web peer=10.1.2.3:4 rule=length_and_encoding"
                        + " clause=\"RFC 9112 section 6.3\" unreported=0");
    }

    @Test
    void aFloodIsReportedOnceInTenSeconds() {
        for (int i = 0; i < 1_000; i++) {
            reports.report("web", true, "peer", Violation.HOST);
        }
        clock.advance(Duration.ofSeconds(9));
        reports.report("web", true, "peer", Violation.HOST);
        assertThat(lines()).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        reports.report("web", true, "peer", Violation.HOST);
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1)).endsWith("unreported=1000");
    }

    @Test
    void eachListenerSideAndRuleIsReportedForItself() {
        reports.report("web", true, "peer", Violation.HOST);
        reports.report("api", true, "peer", Violation.HOST);
        reports.report("web", false, "peer", Violation.HOST);
        reports.report("web", true, "peer", Violation.METHOD);

        assertThat(lines()).hasSize(4);
    }
}
