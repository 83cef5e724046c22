package io.myelin.http;

import io.myelin.http.BodyReader.Framing;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/**
 * Chooses the framing in which one client is sent a response, and writes the head that announces it. Reused from
 * response to response.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class ResponseComposer {
    private boolean headRequest;
    private boolean connectRequest;
    private boolean versionOne;
    private boolean clientKeepsAlive;
    private boolean keepAlive;
    private boolean encodesChunks;
    private boolean chunkFraming;
    private boolean endsWithConnection;

    /** Starts over for the response to another request. */
    void begin(RequestHead request) {
        headRequest = request.knownMethod() == Method.HEAD;
        connectRequest = request.knownMethod() == Method.CONNECT;
        versionOne = request.minorVersion() == 1;
        // What a client sends behind a CONNECT that fails is not a request, however much it may look like one.
        clientKeepsAlive = request.keepAlive() && !connectRequest;
        keepAlive = clientKeepsAlive;
        encodesChunks = false;
        chunkFraming = false;
        endsWithConnection = false;
    }

    boolean headRequest() {
        return headRequest;
    }

    /** Returns whether {@code head} turns the connection into a tunnel (RFC 9110 sections 7.8 and 9.3.6). */
    boolean tunnels(ResponseHead head) {
        return head.status() == 101 || (connectRequest && head.status() / 100 == 2);
    }

    /** Returns whether the client speaks HTTP/1.1 rather than 1.0. */
    boolean versionOne() {
        return versionOne;
    }

    /** Returns whether the connection may carry another request after this response. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Returns whether the client takes the end of the connection for the end of the body. */
    boolean endsWithConnection() {
        return endsWithConnection;
    }

    /** Returns whether the client is sent the member's chunks as chunks. */
    boolean chunkFraming() {
        return chunkFraming;
    }

    /** Returns whether the client is sent chunks that the proxy makes, because the member sends none. */
    boolean encodesChunks() {
        return encodesChunks;
    }

    /** Writes the complete head of a 1xx response other than 101 into {@code out}, which is cleared first. */
    static void composeInterim(ResponseHead head, HeadWriter out) {
        head.dropContentLength();
        out.clear();
        head.writeStatusLine(out);
        head.fields().copyKept(out);
        out.crlf();
    }

    /**
     * Writes the complete head of the final response into {@code out}, which is cleared first.
     *
     * @param framing how the member tells the end of the body
     * @param mayKeepAlive whether the proxy will have another request on this connection
     * @param added further field lines
     */
    void compose(ResponseHead head, Framing framing, boolean mayKeepAlive, HeadWriter added, HeadWriter out) {
        boolean switching = tunnels(head);
        chooseFraming(framing, switching);
        keepAlive = clientKeepsAlive && mayKeepAlive && !endsWithConnection && !switching;
        if (switching || (head.bodiless() && head.status() != 304)) {
            head.dropContentLength();
        }
        if (head.status() == 101) {
            head.fields().keep(FieldName.UPGRADE);
        }
        out.clear();
        head.writeStatusLine(out);
        head.fields().copyKept(out);
        out.append(added);
        if (chunkFraming || encodesChunks || (versionOne && headRequest && head.chunked())) {
            out.bytes(Phrases.CHUNKED_LINE);
        }
        writeConnection(head, out);
        out.crlf();
    }

    private void writeConnection(ResponseHead head, HeadWriter out) {
        if (head.status() == 101) {
            out.bytes(Phrases.UPGRADE_LINE);
        } else if (tunnels(head)) {
            return;
        } else if (!keepAlive) {
            out.bytes(Phrases.CLOSE_LINE);
        } else if (!versionOne) {
            out.bytes(Phrases.KEEP_ALIVE_LINE);
        }
    }

    private void chooseFraming(Framing framing, boolean switching) {
        chunkFraming = framing == Framing.CHUNKED && versionOne;
        encodesChunks = framing == Framing.UNTIL_CLOSE && versionOne && !switching;
        endsWithConnection =
                switching || (!versionOne && (framing == Framing.CHUNKED || framing == Framing.UNTIL_CLOSE));
    }
}
