package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.net.Peer;
import io.myelin.route.RequestView;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What conditions may ask once a request is gone: its response, and the client's connection. */
@OwnedBy(Owner.EVENT_LOOP)
final class ResponseView implements RequestView {
    private final Slice value = new Slice();
    private @Nullable ResponseHead head;
    private @Nullable ClientConnection client;

    /** Makes this the view of {@code newHead}. */
    ResponseView of(ResponseHead newHead, @Nullable ClientConnection newClient) {
        head = newHead;
        client = newClient;
        return this;
    }

    @Override
    public String host() {
        return "";
    }

    @Override
    public String path() {
        return "";
    }

    @Override
    public String method() {
        return "";
    }

    @Override
    public int field(String name, int previous) {
        ResponseHead seen = head;
        return seen == null ? -1 : seen.fields().find(name, previous + 1);
    }

    @Override
    public CharSequence value(int field) {
        ResponseHead seen = head;
        if (seen != null) {
            Fields fields = seen.fields();
            value.set(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
        }
        return value;
    }

    @Override
    public int status() {
        ResponseHead seen = head;
        return seen == null ? 0 : seen.status();
    }

    @Override
    public @Nullable InetAddress source() {
        ClientConnection from = client;
        return from == null ? null : Peer.ip(from.peer());
    }

    @Override
    public int sourcePort() {
        ClientConnection from = client;
        return from == null ? 0 : Peer.port(from.peer());
    }

    @Override
    public @Nullable InetAddress destination() {
        ClientConnection from = client;
        return from == null ? null : Peer.ip(from.local());
    }

    @Override
    public int destinationPort() {
        ClientConnection from = client;
        return from == null ? 0 : Peer.port(from.local());
    }

    @Override
    public boolean encrypted() {
        ClientConnection from = client;
        return from != null && from.encrypted();
    }
}
