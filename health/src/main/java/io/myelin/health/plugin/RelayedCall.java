package io.myelin.health.plugin;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One call of a caller and its counterpart on a plugin: each side is read no faster than the other one takes it.
 *
 * <p>The two sides run on their own event loops; what one says is written to the other by the loop that heard it.
 */
final class RelayedCall extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> caller;
    private final ClientCall<byte[], byte[]> plugin;
    private final AtomicBoolean callerWaits = new AtomicBoolean();
    private final AtomicBoolean pluginWaits = new AtomicBoolean();

    private RelayedCall(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> plugin) {
        this.caller = caller;
        this.plugin = plugin;
    }

    /** Begins the call on the plugin; returns what hears the caller. */
    static RelayedCall begin(ServerCall<byte[], byte[]> caller, ClientCall<byte[], byte[]> plugin, Metadata headers) {
        RelayedCall relayed = new RelayedCall(caller, plugin);
        plugin.start(relayed.new Answers(), headers);
        plugin.request(1);
        caller.request(1);
        return relayed;
    }

    @Override
    public void onMessage(byte[] message) {
        plugin.sendMessage(message);
        callerWaits.set(true);
        if (plugin.isReady()) {
            readCaller();
        }
    }

    @Override
    public void onHalfClose() {
        plugin.halfClose();
    }

    @Override
    public void onCancel() {
        plugin.cancel("the caller gave up", null);
    }

    @Override
    public void onReady() {
        readPlugin();
    }

    private void readCaller() {
        if (callerWaits.compareAndSet(true, false)) {
            caller.request(1);
        }
    }

    private void readPlugin() {
        if (pluginWaits.compareAndSet(true, false)) {
            plugin.request(1);
        }
    }

    /** Hears the plugin. */
    private final class Answers extends ClientCall.Listener<byte[]> {
        @Override
        public void onHeaders(Metadata headers) {
            caller.sendHeaders(headers);
        }

        @Override
        public void onMessage(byte[] message) {
            caller.sendMessage(message);
            pluginWaits.set(true);
            if (caller.isReady()) {
                readPlugin();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            caller.close(StatusWords.told(status), trailers);
        }

        @Override
        public void onReady() {
            readCaller();
        }
    }
}
