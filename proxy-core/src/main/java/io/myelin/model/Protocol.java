package io.myelin.model;

/** What a listener and its pool speak. */
public enum Protocol {
    TCP,
    HTTP
}
