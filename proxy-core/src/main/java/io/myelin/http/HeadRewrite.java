package io.myelin.http;

import io.myelin.http.BodyReader.Framing;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * The way of one request head and its response head through the proxy without the connections: parsed, validated and
 * written anew. Confined to one thread.
 */
public final class HeadRewrite {
    private final RequestHead request;
    private final ResponseHead response = new ResponseHead();
    private final ResponseComposer composer = new ResponseComposer();
    private final HeadWriter writer = new HeadWriter();
    private final HeadWriter added = new HeadWriter();
    private final byte[] peer;
    private final InetSocketAddress local;
    private final ForwardedFor forwarding;

    /**
     * Creates a rewrite for heads of one client.
     *
     * @param peer the client's address
     * @param local the address that it connected to
     */
    public HeadRewrite(ClientConfig config, String peer, InetSocketAddress local) {
        this.request = new RequestHead().within(config);
        this.peer = Phrases.ascii(peer);
        this.local = local;
        this.forwarding = config.forwardedFor();
    }

    /** Returns the request that was parsed last. */
    public RequestHead request() {
        return request;
    }

    /**
     * Rewrites the request head at the beginning of {@code source}.
     *
     * @return the length of the head, negative if it is not complete or refused; then nothing was written
     */
    public int request(byte[] source, int length) {
        int parsed = request.parse(source, length);
        if (parsed >= 0) {
            RequestComposer.compose(request, peer, local, forwarding, added, writer);
        }
        return parsed;
    }

    /**
     * Rewrites the head at the beginning of {@code source} that answers the last request.
     *
     * @return the length of the head, negative if it is not complete or refused; then nothing was written
     */
    public int response(byte[] source, int length) {
        int parsed = response.parse(source, length);
        if (parsed >= 0) {
            composer.begin(request);
            composer.compose(response, framing(), true, added, writer);
        }
        return parsed;
    }

    private Framing framing() {
        if (composer.headRequest() || response.bodiless()) {
            return Framing.NONE;
        }
        if (response.chunked()) {
            return Framing.CHUNKED;
        }
        return response.contentLength() >= 0 ? Framing.LENGTH : Framing.UNTIL_CLOSE;
    }

    /** Adds the head that was written last to {@code out}. */
    public void copyTo(ByteBuf out) {
        writer.copyTo(out);
    }
}
