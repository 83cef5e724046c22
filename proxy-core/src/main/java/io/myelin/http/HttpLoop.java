package io.myelin.http;

import io.myelin.balance.Member;
import io.myelin.net.Loop;
import io.myelin.upstream.Connector;
import io.myelin.upstream.KeptConnections;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;

/**
 * What one event loop shares among its HTTP connections: parsers, scratch space, unused exchanges and member
 * connections.
 *
 * <p>A head is parsed, acted upon and rewritten within one call, so one parser of each kind serves all connections.
 */
public final class HttpLoop {
    private static final int MOST_SPARE = 256;

    private final Loop loop;
    private final Connector connector;
    private final KeptConnections<MemberConnection> kept = new KeptConnections<>();
    private final KeptConnections<MemberConnection> keptForOne = new KeptConnections<>();
    private final RequestHead requestHead = new RequestHead();
    private final ResponseHead responseHead = new ResponseHead();
    private final HeadWriter writer = new HeadWriter();
    private final HeadWriter addedLines = new HeadWriter();
    private final HeadBytes headBytes = new HeadBytes();
    private final RuleRun rules = new RuleRun();
    private final Deque<Exchange> spare = new ArrayDeque<>();
    private final Violations violations;
    private final RequestIds requestIds;

    /**
     * Creates what the HTTP connections of {@code loop} share.
     *
     * @param reports tells people of broken rules
     * @param secrets where keys come from that nobody can guess
     */
    public HttpLoop(Loop loop, Connector connector, ViolationReports reports, RandomGenerator secrets) {
        this.loop = loop;
        this.connector = connector;
        this.violations = new Violations(reports);
        this.requestIds = new RequestIds(secrets, loop.index(), loop.clock());
    }

    /** Returns how often peers broke rules. */
    public Violations violations() {
        return violations;
    }

    RequestIds requestIds() {
        return requestIds;
    }

    /** Closes the unused connections to a member that leaves. */
    public void discard(Member member) {
        kept.discard(member);
        keptForOne.discard(member);
    }

    /** Closes all unused connections. */
    public void discardAll() {
        kept.discardAll();
        keptForOne.discardAll();
    }

    /** Returns an exchange that serves nobody. */
    Exchange takeExchange() {
        Exchange exchange = spare.pollLast();
        return exchange == null ? new Exchange(this) : exchange;
    }

    /** Takes an exchange over that has ended. */
    void giveBack(Exchange exchange) {
        if (exchange.reusable() && spare.size() < MOST_SPARE) {
            spare.addLast(exchange);
        }
    }

    Loop loop() {
        return loop;
    }

    Connector connector() {
        return connector;
    }

    /** Returns the unused connections, for whoever comes next. */
    KeptConnections<MemberConnection> kept() {
        return kept;
    }

    /** Returns the unused connections that told their member of one client, and carry nobody else's requests. */
    KeptConnections<MemberConnection> keptForOne() {
        return keptForOne;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    ResponseHead responseHead() {
        return responseHead;
    }

    HeadWriter writer() {
        return writer;
    }

    /** Returns where field lines are collected that the head being composed gets besides those it came with. */
    HeadWriter addedLines() {
        return addedLines;
    }

    RuleRun rules() {
        return rules;
    }

    HeadBytes headBytes() {
        return headBytes;
    }
}
