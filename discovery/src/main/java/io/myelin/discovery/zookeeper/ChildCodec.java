package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the endpoint that a registration describes. */
@FunctionalInterface
interface ChildCodec {
    /**
     * Returns the endpoint that {@code json} describes.
     *
     * @param sequence the number at the end of the registration's name, {@code null} for none
     * @param remarks told about every part that was ignored or changed
     */
    Endpoint decode(byte @Nullable [] json, @Nullable Long sequence, Consumer<String> remarks)
            throws MalformedZnodeException;
}
