package io.myelin.health.plugin;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.myelin.health.plugin.PluginView.Identity;
import io.myelin.health.plugin.PluginView.Version;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way to one address, which connects when it is used and again after it broke. What becomes of each call is told to
 * {@link Outcomes} before whoever asked hears of it. Safe from any thread; nothing waits.
 */
interface PluginLink extends PluginCalls, AutoCloseable {
    /** Asks the plugin whether it works; that it answers is what counts. */
    CompletionStage<?> test();

    /** Asks the plugin who it is, and then what it was built from. */
    CompletionStage<Introduction> introduce();

    /**
     * Returns a call, not started yet, whose messages are nobody's business here. That the caller's own deadline was
     * too short, or that the plugin does not know a method that nobody promised, says nothing of the plugin.
     */
    <Q, A> ClientCall<Q, A> relay(MethodDescriptor<Q, A> method, CallOptions options);

    /** Makes calls by {@code name} in counts from now on. */
    void name(String name);

    /** Makes new calls on a new connection; those under way end on the old one. */
    void renew();

    /** Cuts the connection. Idempotent. */
    @Override
    void close();

    /** What a plugin says of itself. */
    record Introduction(Identity identity, Version version) {}

    /** Who wants to know what becomes of calls. */
    interface Outcomes {
        /**
         * Takes note of the end of a call.
         *
         * @param failure why it did not come through, {@code null} if it did, be it with an error of the plugin's own
         * @param then hands the end to whoever asked
         */
        void ended(@Nullable String failure, Runnable then);
    }

    /** Makes links. */
    interface Dialer {
        PluginLink open(PluginAddress address, Outcomes outcomes);

        /** Makes connections as {@code settings} say from now on. */
        void settings(GrpcDialer.Settings settings);

        /** Ends everything that all links have in common. */
        void close();
    }
}
