package io.myelin.config.document;

/**
 * What a problem is about.
 *
 * @param key the path of the key, empty for the file as a whole
 * @param service the only service that is harmed by what is wrong here, empty if all are
 */
public record Where(Place place, String key, String service) {
    /** Returns the same thing, said of the key {@code name} under this one. */
    public Where child(String name, Place newPlace) {
        return new Where(newPlace, key.isEmpty() ? name : key + "." + name, service);
    }

    /** Returns the same thing, said of an item of the list under this key. */
    public Where item(int index, Place newPlace) {
        return new Where(newPlace, key + "[" + index + "]", service);
    }

    /** Returns the same place, said to harm {@code newService} only. */
    public Where of(String newService) {
        return new Where(place, key, newService);
    }
}
