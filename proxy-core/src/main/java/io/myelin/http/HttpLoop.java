package io.myelin.http;

import io.myelin.net.Loop;
import io.myelin.upstream.Connector;
import io.myelin.upstream.KeptConnections;

/**
 * What one event loop shares among its HTTP connections: parsers, scratch space and unused member connections.
 *
 * <p>A head is parsed, acted upon and rewritten within one call, so one parser of each kind serves all connections.
 */
public final class HttpLoop {
    private final Loop loop;
    private final Connector connector;
    private final KeptConnections<MemberConnection> kept = new KeptConnections<>();
    private final RequestHead requestHead = new RequestHead();
    private final ResponseHead responseHead = new ResponseHead();
    private final HeadWriter writer = new HeadWriter();
    private final HeadBytes headBytes = new HeadBytes();

    public HttpLoop(Loop loop, Connector connector) {
        this.loop = loop;
        this.connector = connector;
    }

    /** Returns the unused connections, for closing those to members that leave. */
    public KeptConnections<?> keptConnections() {
        return kept;
    }

    Loop loop() {
        return loop;
    }

    Connector connector() {
        return connector;
    }

    KeptConnections<MemberConnection> kept() {
        return kept;
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

    HeadBytes headBytes() {
        return headBytes;
    }
}
