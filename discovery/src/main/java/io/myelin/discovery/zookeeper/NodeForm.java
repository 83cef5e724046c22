package io.myelin.discovery.zookeeper;

import io.myelin.model.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.zookeeper.data.Stat;

/**
 * The form that one endpoint's registration has: how its znode is called, of what kind it is, and what it holds.
 *
 * @param paths the parent
 * @param type the kind of znode
 * @param encoded whether the name carries the registration
 */
record NodeForm(ZnodePaths paths, NodeType type, boolean encoded) {
    /** Nerve's own limit; a longer name than this is no longer worth having. */
    private static final int MAX_ENCODED = 65_536;

    private static final Pattern SEQUENCE = Pattern.compile("-?\\d{10}");

    /** Returns what the path of the znode begins with; a kind without a sequence has nothing after it. */
    String prefix(Endpoint endpoint) {
        if (encoded) {
            String name = ChildName.encode(NerveCodec.encode(endpoint));
            if (name.length() <= MAX_ENCODED) {
                return paths.child(name);
            }
        }
        return paths.child(endpoint.name() + "_");
    }

    /** Returns whether {@code path} is one that a registration of {@code endpoint} has. */
    boolean named(String path, Endpoint endpoint) {
        String prefix = prefix(endpoint);
        if (!path.startsWith(prefix)) {
            return false;
        }
        String rest = path.substring(prefix.length());
        return type.sequential() ? SEQUENCE.matcher(rest).matches() : rest.isEmpty();
    }

    /** Returns whether a registration of an endpoint of that name, at whatever address, may be at {@code path}. */
    boolean maybeNamed(String path, Endpoint endpoint) {
        String name = paths.nameOf(path);
        return name != null && (name.startsWith(endpoint.name() + "_") || (encoded && name.startsWith("base64_")));
    }

    /** Returns whether the znode found at {@code path} registers {@code endpoint}'s name, host and port. */
    boolean registers(String path, String text, Endpoint endpoint) {
        String name = paths.nameOf(path);
        if (name == null) {
            return false;
        }
        String json = ChildName.parse(name).json();
        byte[] registered = (json == null ? text : json).getBytes(StandardCharsets.UTF_8);
        try {
            return NerveCodec.decode(registered, null, remark -> {}).id().equals(endpoint.id());
        } catch (MalformedZnodeException ignored) {
            // Another program's node, or one whose content somebody spoilt: not to be touched.
            return false;
        }
    }

    /** Returns whether the znode is of the kind that is wanted, and of this session if it ends with one. */
    boolean suits(Stat stat, long session) {
        return stat.getEphemeralOwner() == (type.ephemeral() ? session : 0);
    }
}
