package io.myelin.http;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import org.jspecify.annotations.Nullable;

/** What conditions may ask once a request is gone: its response, and the client's connection. */
@OwnedBy(Owner.EVENT_LOOP)
final class ResponseView implements ClientView {
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
    public @Nullable ClientConnection client() {
        return client;
    }
}
