package io.myelin.accesslog;

import io.myelin.log.Envelope;

/** Puts lines into syslog messages (RFC 3164, RFC 5424, and HAProxy's short forms of them). */
final class EnvelopeWriter {
    private final Surroundings surroundings;
    private final Dates dates = new Dates();

    EnvelopeWriter(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Returns whether a line of that level is sent. */
    static boolean sends(Envelope envelope, int level) {
        return level <= envelope.leastSevere();
    }

    /** Returns the message that carries {@code line} at {@code nowMillis}. */
    String message(Envelope envelope, int lineLevel, long nowMillis, String line) {
        int level = Math.max(lineLevel, envelope.mostSevere());
        int priority = envelope.facility() * 8 + level;
        String process = envelope.tag() + "[" + surroundings.processId() + "]: ";
        String message = switch (envelope.form()) {
            case LOCAL -> "<" + priority + ">" + dates.syslog(nowMillis) + " " + process + line;
            case RFC3164 ->
                "<" + priority + ">" + dates.syslog(nowMillis) + " " + surroundings.hostName() + " " + process + line;
            case RFC5424 ->
                "<" + priority + ">1 " + dates.iso(nowMillis) + " " + surroundings.hostName() + " " + envelope.tag()
                        + " " + surroundings.processId() + " - - " + line;
            case PRIORITY -> "<" + priority + ">" + line;
            case SHORT -> "<" + level + ">" + line;
            case TIMED -> "<" + level + ">" + dates.iso(nowMillis) + " " + line;
            case ISO -> dates.iso(nowMillis) + " " + line;
            case RAW -> line;
        };
        return message.length() > envelope.maxBytes() ? message.substring(0, envelope.maxBytes()) : message;
    }
}
