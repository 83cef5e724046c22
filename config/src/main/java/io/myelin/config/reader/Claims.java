package io.myelin.config.reader;

import io.myelin.config.document.Place;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.server.BindAddress;
import io.myelin.server.BindOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The names and addresses that listeners have taken, first come, first served. */
final class Claims {
    private static final Set<String> EVERYWHERE = Set.of("*", "0.0.0.0", "::");

    private record Claim(String owner, Place place) {}

    private final Map<BindAddress, Claim> addresses = new HashMap<>();
    private final Map<String, Claim> names = new HashMap<>();
    private final Problems problems;

    Claims(Problems problems) {
        this.problems = problems;
    }

    /** Takes the name and the addresses of {@code listener}; what is taken already is reported. */
    void take(ListenerDraft listener) {
        Claim first = names.putIfAbsent(
                listener.name(), new Claim(listener.name(), listener.where().place()));
        if (first != null) {
            problems.error(listener.where(), "is the name of a frontend at " + first.place(), "another name");
        }
        listener.binds().forEach(bind -> take(listener.name(), bind));
    }

    /** Returns whether a listener has the port, at whatever address. */
    boolean taken(int port) {
        return addresses.keySet().stream().anyMatch(address -> address.port() == port);
    }

    void take(String owner, Bind bind) {
        take(owner, bind.address(), bind.where());
    }

    void take(String owner, BindAddress address, Where where) {
        if (address.port() == 0 && !address.unix()) {
            return;
        }
        Claim first = addresses.putIfAbsent(normalized(address), new Claim(owner, where.place()));
        if (first != null) {
            problems.error(
                    where,
                    address + " is taken by " + first.owner() + " at " + first.place(),
                    "another port or address");
        }
    }

    private static BindAddress normalized(BindAddress address) {
        if (address.host().equalsIgnoreCase("localhost")) {
            return new BindAddress("127.0.0.1", address.port());
        }
        return EVERYWHERE.contains(address.host())
                ? new BindAddress("*", address.port())
                : address.with(BindOptions.DEFAULT);
    }
}
