package io.myelin.http;

import io.myelin.http.BodyReader.Framing;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes a member's response to the client in the framing that this client understands. Reused from response to
 * response.
 */
@OwnedBy(Owner.EVENT_LOOP)
final class ResponseWriter {
    /** Bodies up to this size travel in the same buffer as their head: copying them costs less than a second one. */
    static final int INLINE_BYTES = 4 * 1024;

    /** The longest chunk size line. */
    private static final int CHUNK_LINE_BYTES = 18;

    private final BodySink bodySink = this::writeBody;
    private @Nullable ClientConnection owner;
    private boolean headRequest;
    private boolean versionOne;
    private boolean clientKeepsAlive;
    private boolean keepAlive;
    private boolean started;
    private boolean encodesChunks;
    private boolean chunkFraming;
    private boolean endsWithConnection;
    private long writtenBytes;

    /** Starts over for the response to another request. */
    void begin(RequestHead request, ClientConnection client) {
        owner = client;
        headRequest = request.knownMethod() == Method.HEAD;
        versionOne = request.minorVersion() == 1;
        clientKeepsAlive = request.keepAlive();
        keepAlive = clientKeepsAlive;
        started = false;
        encodesChunks = false;
        chunkFraming = false;
        endsWithConnection = false;
        writtenBytes = 0;
    }

    boolean headRequest() {
        return headRequest;
    }

    /** Returns whether the client speaks HTTP/1.1 rather than 1.0. */
    boolean versionOne() {
        return versionOne;
    }

    /** Returns whether the client has been sent part of a final response. */
    boolean started() {
        return started;
    }

    /** Returns whether the connection may carry another request after this response. */
    boolean keepAlive() {
        return keepAlive;
    }

    /** Returns whether the client takes the end of the connection for the end of the body. */
    boolean endsWithConnection() {
        return endsWithConnection;
    }

    boolean wantsChunkFraming() {
        return chunkFraming;
    }

    long writtenBytes() {
        return writtenBytes;
    }

    BodySink bodySink() {
        return bodySink;
    }

    /** Writes a 1xx response other than 101; a client of version 1.0 gets none (RFC 9110 section 15.2). */
    void writeInterim(ResponseHead head, HeadWriter writer) {
        if (!versionOne) {
            return;
        }
        head.dropContentLength();
        writer.clear();
        head.writeStatusLine(writer);
        head.fields().copyKept(writer);
        writer.crlf();
        ByteBuf out = allocator().directBuffer(writer.length());
        writer.copyTo(out);
        write(out);
    }

    /**
     * Writes the head of the final response, and as much of its body as is at hand if that is little.
     *
     * @param body says how the member frames the body; read as far as it is written
     * @param rest what followed the head; borrowed
     * @param mayKeepAlive whether the proxy will have another request on this connection
     */
    void writeHead(ResponseHead head, BodyReader body, ByteBuf rest, boolean mayKeepAlive, HeadWriter writer) {
        started = true;
        boolean switching = head.status() == 101;
        chooseFraming(body.framing(), switching);
        keepAlive = clientKeepsAlive && mayKeepAlive && !endsWithConnection && !switching;
        if (head.bodiless() && head.status() != 304) {
            head.dropContentLength();
        }
        if (switching) {
            head.fields().keep(FieldName.UPGRADE);
        }
        writer.clear();
        head.writeStatusLine(writer);
        head.fields().copyKept(writer);
        if (chunkFraming || encodesChunks || (versionOne && headRequest && head.chunked())) {
            writer.bytes(Phrases.CHUNKED_LINE);
        }
        if (switching) {
            writer.bytes(Phrases.UPGRADE_LINE);
        } else if (!keepAlive) {
            writer.bytes(Phrases.CLOSE_LINE);
        } else if (!versionOne) {
            writer.bytes(Phrases.KEEP_ALIVE_LINE);
        }
        writer.crlf();
        send(writer, body, rest);
    }

    private void chooseFraming(Framing framing, boolean switching) {
        chunkFraming = framing == Framing.CHUNKED && versionOne;
        encodesChunks = framing == Framing.UNTIL_CLOSE && versionOne && !switching;
        endsWithConnection =
                switching || (!versionOne && (framing == Framing.CHUNKED || framing == Framing.UNTIL_CLOSE));
    }

    private void send(HeadWriter writer, BodyReader body, ByteBuf rest) {
        int available = rest.readableBytes();
        boolean inline =
                available > 0 && available <= INLINE_BYTES && (body.framing() == Framing.LENGTH || chunkFraming);
        ByteBuf out = allocator().directBuffer(writer.length() + (inline ? available : 0));
        writer.copyTo(out);
        if (inline && body.framing() == Framing.LENGTH) {
            body.read(rest, true, out::writeBytes);
        }
        write(out);
    }

    private void writeBody(ByteBuf source, int index, int length) {
        if (length == 0) {
            return;
        }
        if (encodesChunks) {
            ByteBuf line = allocator().directBuffer(CHUNK_LINE_BYTES);
            ByteBufUtil.writeAscii(line, Integer.toHexString(length));
            write(line.writeByte(Octets.CR).writeByte(Octets.LF));
        }
        write(source.retainedSlice(index, length));
        if (encodesChunks) {
            write(allocator().directBuffer(2).writeByte(Octets.CR).writeByte(Octets.LF));
        }
    }

    /** Writes what follows the last byte of the body. */
    void writeEnd() {
        if (encodesChunks) {
            write(allocator().directBuffer(Phrases.LAST_CHUNK.length).writeBytes(Phrases.LAST_CHUNK));
        }
    }

    private ClientConnection client() {
        ClientConnection client = owner;
        if (client == null) {
            throw new IllegalStateException("response has not begun");
        }
        return client;
    }

    private ByteBufAllocator allocator() {
        return client().channel().alloc();
    }

    private void write(ByteBuf out) {
        writtenBytes += out.readableBytes();
        client().write(out);
    }
}
