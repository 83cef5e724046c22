package io.myelin.discovery.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * Addresses that are ready and have the same ports: a subset of Endpoints, or an EndpointSlice.
 *
 * @param ports in the order of the object
 */
record AddressGroup(List<Address> addresses, List<Port> ports) {
    AddressGroup {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /**
     * An address.
     *
     * @param host an IP literal or a host name
     * @param pod the name of the pod that has it, empty if none has
     * @param labels what else is said of it
     */
    record Address(String host, String pod, Map<String, String> labels) {
        boolean ipv6() {
            return host.indexOf(':') >= 0;
        }
    }

    /**
     * A port.
     *
     * @param name empty for none
     * @param number 1..65535
     * @param tcp whether it is not one of another protocol
     */
    record Port(String name, int number, boolean tcp) {
        @Override
        public String toString() {
            return name.isEmpty() ? String.valueOf(number) : name + " " + number;
        }
    }
}
