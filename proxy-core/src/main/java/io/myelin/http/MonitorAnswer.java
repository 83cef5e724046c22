package io.myelin.http;

/**
 * Answers those who only ask whether the proxy is there and fit to serve, as HAProxy's {@code monitor-uri} does: in an
 * empty body, and without being counted as a failure.
 *
 * @param fit whether it is
 */
public record MonitorAnswer(boolean fit) implements HttpAction {
    private static final byte[] FIT = Phrases.ascii("200 OK\r\nContent-Length: 0\r\nCache-Control: no-cache\r\n");
    private static final byte[] UNFIT =
            Phrases.ascii("503 Service Unavailable\r\nContent-Length: 0\r\nCache-Control: no-cache\r\n");

    @Override
    public Step apply(RuleRun run) {
        if (run.request() == null) {
            return Step.NEXT;
        }
        HeadWriter out = run.newAnswer();
        out.bytes(Phrases.STATUS_LINE);
        out.bytes(fit ? FIT : UNFIT);
        return run.redirect(fit ? 200 : 503);
    }
}
