package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ExpiryWarningsTest {
    private static final Instant END = Instant.parse("2030-01-31T00:00:00Z");

    private final Logger logger = (Logger) LoggerFactory.getLogger(ExpiryWarnings.class);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final ExpiryWarnings warnings = new ExpiryWarnings();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(appender);
    }

    @Test
    void aCertificateIsWarnedOfOnceADayFromThirtyDaysAhead() {
        CertificateStatus certificate = certificate("ab");
        for (int hours = 40 * 24; hours > -48; hours--) {
            warnings.warn("web", List.of(certificate), END.minus(Duration.ofHours(hours)));
        }
        assertThat(appender.list).hasSize(30 + 2);
        assertThat(appender.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(appender.list.get(0).getFormattedMessage())
                .isEqualTo("Certificate expires soon: listener=web file=/web.pem subject=CN=web"
                        + " not_after=2030-01-31T00:00:00Z days_left=29");
        assertThat(appender.list)
                .extracting(ILoggingEvent::getLevel)
                .filteredOn(Level.ERROR::equals)
                .hasSize(7 + 2);
        assertThat(appender.list.get(31).getFormattedMessage()).startsWith("Certificate has expired: ");
    }

    @Test
    void anotherCertificateIsWarnedOfByItself() {
        Instant now = END.minus(Duration.ofDays(3));
        warnings.warn("web", List.of(certificate("ab")), now);
        warnings.warn("web", List.of(certificate("ab"), certificate("cd")), now);
        warnings.warn("web", List.of(), now);
        warnings.warn("web", List.of(certificate("ab")), now);
        assertThat(appender.list).hasSize(3);
    }

    private static CertificateStatus certificate(String fingerprint) {
        return new CertificateStatus(
                Path.of("/web.pem"), "CN=web", "CN=ca", List.of("web"), "EC", Instant.EPOCH, END, fingerprint);
    }
}
