package io.myelin.http;

/** The field in which intermediaries name themselves (RFC 9110 section 7.6.3). */
final class Via {
    private static final byte[] NAME = Phrases.ascii("Via: 1.");

    private Via() {}

    /**
     * Adds the proxy's own entry, in a line of its own behind those that the message came with.
     *
     * @param minorVersion of HTTP/1 in which the message was received
     */
    static void write(int minorVersion, String pseudonym, HeadWriter added) {
        added.bytes(NAME);
        added.number(minorVersion);
        added.one(Octets.SP);
        added.text(pseudonym);
        added.crlf();
    }
}
