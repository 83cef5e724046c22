package io.myelin.testing;

import io.myelin.net.SocketTypes;
import io.myelin.server.ServerOptions.Transport;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Skips a run on io_uring, saying why, where the kernel or its container does not have it. Registered for every class
 * by JUnit's automatic detection.
 */
public final class TransportCondition implements ExecutionCondition {
    private static final Logger log = LoggerFactory.getLogger(TransportCondition.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final Transport OF_THIS_RUN = Transport.valueOf(
            System.getProperty("myelin.test.transport", "auto").toUpperCase(Locale.ROOT));

    /** Returns what the tests of this run are on, unless they ask for a certain transport. */
    static Transport ofThisRun() {
        return OF_THIS_RUN;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String whyNot = OF_THIS_RUN == Transport.IO_URING ? SocketTypes.IO_URING.whyNot() : "";
        if (whyNot.isEmpty()) {
            return ConditionEvaluationResult.enabled("the transport is here");
        }
        if (SAID.compareAndSet(false, true)) {
            log.warn("The tests on io_uring are skipped, it is not available here: {}", whyNot);
        }
        return ConditionEvaluationResult.disabled("no io_uring here: " + whyNot);
    }
}
