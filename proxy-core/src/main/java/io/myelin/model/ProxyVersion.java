package io.myelin.model;

/** Which form of the PROXY protocol tells a member who its client is. */
public enum ProxyVersion {
    /** The member is told nothing. */
    OFF,
    /** A line of text. */
    V1,
    /** A binary header. */
    V2
}
