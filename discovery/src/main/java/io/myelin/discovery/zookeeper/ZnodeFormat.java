package io.myelin.discovery.zookeeper;

/**
 * How a child describes its endpoint.
 *
 * @param kind whose JSON it is
 * @param endpointName which of the additional endpoints of a {@link Kind#SERVERSET} counts, empty for the main one
 */
public record ZnodeFormat(Kind kind, String endpointName) {
    /** What Nerve writes. */
    public static final ZnodeFormat NERVE = new ZnodeFormat(Kind.NERVE, "");

    /** Whose JSON a child holds. */
    public enum Kind {
        /** {@link NerveCodec}. */
        NERVE,
        /** {@link ServersetCodec}. */
        SERVERSET
    }

    /** Returns members of a server set, each of which is reached at its endpoint of that name. */
    public static ZnodeFormat serverset(String endpointName) {
        return new ZnodeFormat(Kind.SERVERSET, endpointName);
    }

    ChildCodec codec() {
        return kind == Kind.NERVE ? NerveCodec::decode : new ServersetCodec(endpointName);
    }
}
