package io.myelin.discovery.docker;

/**
 * The name of an image.
 *
 * @param repository with the registry, whose port is not a tag
 * @param tag empty if there is none
 */
record ImageName(String repository, String tag) {
    /** Returns the parts of {@code registry:port/path:tag@digest}, of which only the path is certain to be there. */
    static ImageName parse(String text) {
        int digest = text.indexOf('@');
        String name = digest < 0 ? text : text.substring(0, digest);
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/')
                ? new ImageName(name.substring(0, colon), name.substring(colon + 1))
                : new ImageName(name, "");
    }

    /** Returns whether {@code other} is this image; any tag is, if this has none. */
    boolean matches(ImageName other) {
        return repository.equals(other.repository) && (tag.isEmpty() || tag.equals(other.tag));
    }
}
