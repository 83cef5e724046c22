package io.myelin.config.document;

/** One value of a document, with its position. */
public sealed interface Node permits Scalar, Sequence, Mapping {
    Place place();

    /** Returns what it is, for messages. */
    String kind();
}
