package io.myelin.discovery.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects of a resource by name. One that cannot be read stays what it was when it could be. */
@OwnedBy(Owner.REGISTRY)
final class ObjectTable {
    private final KubernetesResource resource;
    private final Map<String, ServiceObject> objects = new LinkedHashMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();
    private final List<String> truncated = new ArrayList<>();
    private int ignored;

    /** Creates an empty table. */
    ObjectTable(KubernetesResource resource) {
        this.resource = resource;
    }

    /** Takes what {@code object} says now; {@code earlier} knows what it said before. */
    void put(JsonNode object, ObjectTable earlier) {
        String name = ObjectReader.nameOf(object);
        ServiceObject known = earlier.objects.get(name);
        try {
            ServiceObject read = ObjectReader.read(object, resource);
            ignored += read.ignored();
            if (read.truncated() && (known == null || !known.truncated())) {
                truncated.add(name);
            }
            objects.put(name, read);
            problems.remove(name);
        } catch (MalformedObjectException e) {
            ignored++;
            problems.put(name, name + ": " + e.getMessage());
            if (known != null) {
                objects.put(name, known);
            }
        }
    }

    void remove(String name) {
        objects.remove(name);
        problems.remove(name);
    }

    Collection<ServiceObject> objects() {
        return objects.values();
    }

    /** Returns what is wrong with objects that cannot be read, empty if there are none. */
    String problem() {
        return String.join("; ", problems.values());
    }

    /** Returns which objects have begun to lack addresses since this was asked last. */
    List<String> takeTruncated() {
        List<String> taken = List.copyOf(truncated);
        truncated.clear();
        return taken;
    }

    /** Returns how many entries were none since this was asked last. */
    int takeIgnored() {
        int taken = ignored;
        ignored = 0;
        return taken;
    }
}
