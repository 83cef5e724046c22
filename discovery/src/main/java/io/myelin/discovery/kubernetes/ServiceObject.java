package io.myelin.discovery.kubernetes;

import java.util.List;

/**
 * What Endpoints or an EndpointSlice say.
 *
 * @param name of the object, one in its namespace
 * @param truncated whether it has more addresses than the object tells
 * @param ignored how many of its addresses and ports hold none
 */
record ServiceObject(String name, List<AddressGroup> groups, boolean truncated, int ignored) {
    ServiceObject {
        groups = List.copyOf(groups);
    }
}
