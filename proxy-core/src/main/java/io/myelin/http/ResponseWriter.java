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
    private final ShortBody shortBody = new ShortBody();
    private final ResponseComposer composer = new ResponseComposer();
    private @Nullable ClientConnection owner;
    private boolean started;
    private long writtenBytes;

    /** Starts over for the response to another request. */
    void begin(RequestHead request, ClientConnection client) {
        owner = client;
        composer.begin(request);
        started = false;
        writtenBytes = 0;
    }

    boolean headRequest() {
        return composer.headRequest();
    }

    /** Returns whether {@code head} turns the connection into a tunnel. */
    boolean tunnels(ResponseHead head) {
        return composer.tunnels(head);
    }

    /** Returns whether the client speaks HTTP/1.1 rather than 1.0. */
    boolean versionOne() {
        return composer.versionOne();
    }

    /** Returns whether the client has been sent part of a final response. */
    boolean started() {
        return started;
    }

    /** Returns whether the connection may carry another request after this response. */
    boolean keepAlive() {
        return composer.keepAlive();
    }

    /** Returns whether the client takes the end of the connection for the end of the body. */
    boolean endsWithConnection() {
        return composer.endsWithConnection();
    }

    boolean wantsChunkFraming() {
        return composer.chunkFraming();
    }

    long writtenBytes() {
        return writtenBytes;
    }

    BodySink bodySink() {
        return bodySink;
    }

    /** Writes a 1xx response other than 101; a client of version 1.0 gets none (RFC 9110 section 15.2). */
    void writeInterim(ResponseHead head, HeadWriter writer) {
        if (!composer.versionOne()) {
            return;
        }
        ResponseComposer.composeInterim(head, writer);
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
     * @param added further field lines
     */
    void writeHead(
            ResponseHead head,
            BodyReader body,
            ByteBuf rest,
            boolean mayKeepAlive,
            HeadWriter added,
            HeadWriter writer) {
        started = true;
        composer.compose(head, body.framing(), mayKeepAlive, added, writer);
        send(writer, body, rest);
    }

    private void send(HeadWriter writer, BodyReader body, ByteBuf rest) {
        int available = rest.readableBytes();
        boolean inline = available > 0
                && available <= INLINE_BYTES
                && (body.framing() == Framing.LENGTH || composer.chunkFraming());
        ByteBuf out = allocator().directBuffer(writer.length() + (inline ? available : 0));
        writer.copyTo(out);
        if (inline) {
            shortBody.append(body, rest, out);
        }
        write(out);
    }

    private void writeBody(ByteBuf source, int index, int length) {
        if (length == 0) {
            return;
        }
        if (composer.encodesChunks()) {
            ByteBuf line = allocator().directBuffer(CHUNK_LINE_BYTES);
            ByteBufUtil.writeAscii(line, Integer.toHexString(length));
            write(line.writeByte(Octets.CR).writeByte(Octets.LF));
        }
        write(source.retainedSlice(index, length));
        if (composer.encodesChunks()) {
            write(allocator().directBuffer(2).writeByte(Octets.CR).writeByte(Octets.LF));
        }
    }

    /** Writes what follows the last byte of the body. */
    void writeEnd() {
        if (composer.encodesChunks()) {
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
